import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";

/** Which stack a command works on. */
export interface StackArguments {
  values: { stack: string; "config-file": string | undefined };
  /** Arguments that go to Pulumi as they are. */
  others: string[];
}

/** One stack and how Pulumi is called for it. */
export interface StackRun {
  stack: string;
  /** The stack and its configuration file, as options for Pulumi's command. */
  flags: string[];
  /** Arguments that go to Pulumi as they are. */
  rest: string[];
  environment: Record<string, string>;
  /** Removes the files made for this run. */
  end: () => Promise<void>;
}

/**
 * Prepares a run of Pulumi in the current folder: state in `.pulumi-state` and an empty passphrase unless the environment says otherwise
 * (nothing secret is in configuration or state), units whose failures do not stop each other, 32 steps at once, because most of them wait for a
 * server (Pulumi's own choice is four for each processor), and a stack that exists.
 *
 * A user's configuration file is copied: Pulumi adds its `encryptionsalt` to the file that it reads, and a changed file would make the work
 * tree dirty, which a release refuses.
 * @param free removes locks that earlier runs left; it runs before the stack is made, which also takes a lock. Default: leaves them
 * @throws what `free` throws
 */
export async function prepareStack(
  { values, others }: StackArguments,
  free: (stack: string, environment: Readonly<Record<string, string>>) => Promise<void> = async () => {},
): Promise<StackRun> {
  const { stack, "config-file": configFile } = values;
  const environment = {
    PULUMI_BACKEND_URL: pathToFileURL(join(process.cwd(), ".pulumi-state")).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_CONTINUE_ON_ERROR: "true",
    PULUMI_PARALLEL: "32",
    ...definedIn(process.env, [
      "PULUMI_BACKEND_URL",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_CONTINUE_ON_ERROR",
      "PULUMI_PARALLEL",
    ]),
  };
  if (environment.PULUMI_BACKEND_URL.startsWith("file:///")) {
    await mkdir(new URL(environment.PULUMI_BACKEND_URL), { recursive: true });
  }
  await free(stack, environment);
  await ensureStack(stack, environment);
  if (configFile === undefined) {
    return { stack, flags: ["--stack", stack], rest: others, environment, end: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "lockstep-config-"));
  const copy = join(folder, "stack.yaml");
  await copyFile(configFile, copy);
  return {
    stack,
    flags: ["--stack", stack, "--config-file", copy],
    rest: others,
    environment,
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Runs Pulumi in this terminal.
 * @returns its exit code
 */
export async function runPulumi(args: readonly string[], environment: Record<string, string>): Promise<number> {
  // Ctrl-C reaches Pulumi without us; if this process died of it, Pulumi would be ended in the middle of a step.
  const stay = (): void => {};
  process.on("SIGINT", stay);
  const child = execa("pulumi", args, { env: environment, stdio: "inherit", reject: false });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", pass);
  const { exitCode, message } = await child.finally(() => process.off("SIGINT", stay).off("SIGTERM", pass));
  if (exitCode === undefined) {
    process.stderr.write(`${message ?? "pulumi was ended"}\n`);
  }
  return exitCode ?? 1;
}

/**
 * Makes a stack of the project in the current folder unless it exists.
 * @param env the backend and the passphrase
 * @throws Error with Pulumi's words if it cannot be made
 */
export async function ensureStack(stack: string, env: Record<string, string>): Promise<void> {
  const { stdout } = await execa("pulumi", ["stack", "ls", "--json"], { env });
  const stacks = JSON.parse(stdout) as { name: string }[];
  if (stacks.some(({ name }) => name === stack)) {
    return;
  }
  const { exitCode, stderr } = await initStack(stack, env);
  if (exitCode !== 0) {
    throw new Error(`The stack ${stack} could not be made: ${stderr}`);
  }
}

/**
 * `pulumi stack init`, from a copy of Pulumi.yaml, because it writes a configuration file beside it.
 * @param env as for ensureStack()
 * @returns how it ended: not with 0 if the stack exists or is locked
 */
export async function initStack(
  stack: string,
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode?: number | undefined; stderr: string }> {
  const cwd = await mkdtemp(join(tmpdir(), "lockstep-stack-"));
  try {
    await copyFile("Pulumi.yaml", join(cwd, "Pulumi.yaml"));
    return await execa("pulumi", ["stack", "init", stack, "--no-select"], { cwd, env, reject: false });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function definedIn(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
