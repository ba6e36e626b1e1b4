import { access, constants, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import limitConcurrency from "p-limit";

/** What helm answered. */
export interface HelmAnswer {
  /** Whether it ended with exit code 0. */
  isDone: boolean;
  stdout: string;
  /** helm's errors; its warnings also come here. Without an exit code: why there is none. */
  stderr: string;
}

/** How one command is run. */
export interface HelmCall {
  /** The folder that it runs in, absolute. */
  cwd: string;
  /** Variables beside PATH and helm's own folders. Default: none. */
  env?: Readonly<Record<string, string>>;
  /** How long it may take. Default: 60. */
  seconds?: number;
  /** How much it may write, in characters. Default: 32 Mi, because a chart may render to much. */
  most?: number;
}

/** helm, with a folder that it has for itself. */
export interface Helm {
  /** Absolute, without links. Charts and values are put here. It is removed at the end. */
  folder: string;
  run(args: readonly string[], call: HelmCall): Promise<HelmAnswer>;
}

/** Commands that run at the same time: each keeps a processor busy. */
const inTurn = limitConcurrency(Math.max(2, availableParallelism()));

/**
 * Works with the helm of this machine. It gets PATH and folders of its own for settings, cache, data and temporary files: nothing else of the
 * environment, so that neither a token nor a cluster's address reaches it, and nothing of the user's own helm is read or written.
 * Source: https://helm.sh/docs/helm/helm, "Environment variables".
 * @returns undefined if no helm is on PATH
 */
export async function withHelm<T>(work: (helm: Helm) => Promise<T>): Promise<T | undefined> {
  const program = await findHelm(process.env["PATH"] ?? "");
  if (program === undefined) {
    return undefined;
  }
  // helm's messages have the paths without links.
  const folder = await realpath(await mkdtemp(join(tmpdir(), "lockstep-helm-")));
  try {
    const own = await makeHomes(folder);
    return await work({
      folder,
      run: (args, call) => inTurn(() => runOne(program, args, { ...call, env: { ...own, ...call.env } })),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findHelm(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((one) => one !== "")) {
    const file = join(folder, "helm");
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) {
      return file;
    }
  }
  return undefined;
}

async function makeHomes(folder: string): Promise<Record<string, string>> {
  const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
  await Promise.all([mkdir(home), mkdir(temporary)]);
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TMPDIR: temporary,
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
    HELM_REGISTRY_CONFIG: join(home, "registry.json"),
    HELM_REPOSITORY_CONFIG: join(home, "repositories.yaml"),
    HELM_REPOSITORY_CACHE: join(home, "cache", "repository"),
  };
}

async function runOne(
  program: string,
  args: readonly string[],
  { cwd, env = {}, seconds = 60, most = 32 * 2 ** 20 }: HelmCall,
): Promise<HelmAnswer> {
  const options = { cwd, env, extendEnv: false, reject: false, stdin: "ignore", maxBuffer: most } as const;
  const { exitCode, stdout, stderr, timedOut, isMaxBuffer, shortMessage } = await execa(program, args, {
    ...options,
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
  });
  if (exitCode !== undefined && !isMaxBuffer) {
    return { isDone: exitCode === 0, stdout, stderr };
  }
  const why = isMaxBuffer
    ? `wrote more than ${most} characters`
    : timedOut
      ? `did not end within ${seconds} seconds`
      : shortMessage;
  return { isDone: false, stdout: "", stderr: `Error: helm ${why}` };
}
