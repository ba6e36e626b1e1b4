import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { stringify } from "yaml";
import { ensureStack } from "../../commands/stack/stack-run.ts";
import { descendants } from "./process-tree.ts";
import { operationsIn } from "./engine-events.ts";
import type { Operation } from "./engine-events.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** Clones so far, also of clones: each leaves its folder to the next. */
let clones = 0;

/** Folder of Pulumi.yaml: the checkout. */
const checkout = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** What a run of Pulumi left. */
export interface Run {
  /** Exit code; undefined where it was killed. */
  exitCode: number | undefined;
  /** Standard output and error, in order. */
  output: string;
  operations: Operation[];
}

/** A user's repository with its configuration, released into a sandbox by the real engine. */
export interface Project {
  /** The user's clone. */
  folder: string;
  /** `owner/name` on the sandbox's GitHub. */
  fullName: string;
  /** Writes files, deletes those whose text is undefined. */
  write(files: Record<string, string | undefined>): Promise<void>;
  /** Commits everything and tags it; the commit time is fixed. Returns the commit's id. */
  commit(...tags: string[]): Promise<string>;
  git(...args: string[]): Promise<string>;
  /** Replaces the stack's configuration, keys without namespace. */
  configure(config: Record<string, unknown>): Promise<void>;
  up(...args: string[]): Promise<Run>;
  /** An `up` of another Pulumi program, in a folder with its own Pulumi.yaml, with this project's stack. */
  upWith(program: string): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  pulumi(...args: string[]): Promise<Run>;
  /** Makes the stack, so that a run that is killed is a release and nothing else. */
  prepare(): Promise<void>;
  /** `npm run release` without the toolchain in front. */
  release(): Promise<Run>;
  /** Starts an `up` and hands out its process, to be killed; a group of its own. */
  starting(): { pid: number; ended: Promise<unknown>; tree: () => Promise<number[]> };
  /** The stack's state, as `pulumi stack export` gives it. */
  state(): Promise<{ deployment: { resources: { type: string; urn: string; inputs?: object; outputs?: object }[] } }>;
  /** The output `units`. */
  units(): Promise<
    Record<string, { artifacts: Record<string, { digest: string; how: string; reference: string }>; release: string }>
  >;
  /** The same repository and configuration on another machine: a new clone in the place of the first, and an empty state unless `state` is asked for. */
  clone(options?: { state?: boolean }): Promise<Project>;
  /** Leaves the stack without any configuration. */
  configureNothing(): Promise<void>;
  /** The stack's configuration as the engine hands it to the program: keys with namespace, every value as text. */
  configuration(): Record<string, string>;
  /** Other tokens than the sandbox's own: GITHUB_TOKEN, and the password in Docker's configuration. */
  useCredentials(tokens: { github: string; registry: string }): Promise<void>;
  /** Folder with state and backups. */
  stateFolder: string;
  environment: Record<string, string>;
}

/**
 * Makes a repository on the sandbox's GitHub and a clone of it with the example's files, without its chart. It releases one image of one platform, unsigned:
 * the least that a run of the engine can show.
 * @param name of the repository below `acme/`; also of the image's repository
 */
export async function makeProject(
  sandbox: Sandbox,
  name: string,
  config: Record<string, unknown> = {},
): Promise<Project> {
  const { gitDir, fullName } = await sandbox.github.createRepository(`acme/${name}`);
  const folder = join(sandbox.folder, "work", name, "clone");
  await mkdir(dirname(folder), { recursive: true });
  const example = join(checkout, "examples/widgets");
  const charts = join(example, "charts");
  await cp(example, folder, { recursive: true, filter: (source) => source !== charts });
  await execa("git", ["init", "--quiet", "--initial-branch=main", folder]);
  await execa("git", ["-C", folder, "remote", "add", "origin", gitDir]);
  const project = projectAt(sandbox, fullName, folder, join(sandbox.folder, "work", name, "state"));
  await project.configure({
    repository: fullName,
    image: { repository: `${sandbox.addresses.registry}/acme/${name}`, platforms: ["linux/amd64"] },
    assets: [{ path: "deploy/install.yaml" }],
    license: "Apache-2.0",
    signing: "off",
    ...config,
  });
  return project;
}

/**
 * A repository that is there already, with the state of its stack.
 * @param folder of the clone
 */
export function projectAt(sandbox: Sandbox, fullName: string, folder: string, stateFolder: string): Project {
  const configFile = `${stateFolder}.yaml`;
  const environment: Record<string, string> = {
    ...sandbox.environment,
    PULUMI_BACKEND_URL: pathToFileURL(stateFolder).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_CONTINUE_ON_ERROR: "true",
    PULUMI_DEBUG_COMMANDS: "1",
    // As `npm run release` sets it.
    PULUMI_SKIP_CHECKPOINTS: "true",
    LOCKSTEP_RETRY_MS: "30",
    // GitHub's times are whole seconds.
    LOCKSTEP_UPLOAD_WAIT_MS: "2000",
    GIT_CONFIG_GLOBAL: "/dev/null",
    // The runner of these tests may itself run for a tag.
    GITHUB_REF_TYPE: "branch",
    GITHUB_REF_NAME: "main",
  };
  let runs = 0;
  let config: Record<string, unknown> = {};
  const stackArgs = ["--stack", "test", "--config-file", configFile];
  const run = async (command: string, args: readonly string[], cwd = checkout): Promise<Run> => {
    const eventLog = `${stateFolder}.events.${runs++}.json`;
    const own = command === "pulumi" ? ["--non-interactive", "--color", "never", "--event-log", eventLog] : [];
    await ready();
    const result = await execa(command, [...args, ...own], { cwd, env: environment, all: true, reject: false });
    const operations = await operationsIn(eventLog).catch(() => []);
    return { exitCode: result.exitCode, output: result.all, operations };
  };
  let written: Promise<unknown> | undefined;
  let made: Promise<unknown> | undefined;
  const ready = async (): Promise<void> => {
    await (written ??= mkdir(stateFolder, { recursive: true }).then(() =>
      writeFile(configFile, stringify({ config })),
    ));
    await (made ??= ensureStack("test", environment));
  };
  const git = async (...args: string[]): Promise<string> => {
    const person = { NAME: "Ada", EMAIL: "ada@example.org", DATE: "2026-01-15T09:00:00Z" };
    const env = Object.fromEntries(
      Object.entries(person).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    );
    return (await execa("git", args, { cwd: folder, env: { ...env, GIT_CONFIG_GLOBAL: "/dev/null" } })).stdout;
  };

  return {
    folder,
    fullName,
    stateFolder,
    environment,
    git,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        if (text === undefined) {
          await rm(join(folder, path), { force: true });
        } else {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), text);
        }
      }
    },
    async commit(...tags) {
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", "--message=Work");
      for (const tag of tags) {
        await git("tag", tag);
      }
      await git("push", "--quiet", "--force", "origin", "HEAD:main");
      return git("rev-parse", "HEAD");
    },
    async configure(next) {
      config = namespaced(next, folder);
      written = undefined;
    },
    async configureNothing() {
      config = {};
      written = undefined;
    },
    configuration() {
      const said = Object.entries(config).filter(([, value]) => value !== undefined);
      return Object.fromEntries(
        said.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
      );
    },
    async useCredentials({ github, registry }) {
      const dockerConfig = `${stateFolder}-docker`;
      await cp(sandbox.environment["DOCKER_CONFIG"] ?? "", dockerConfig, { recursive: true });
      const auth = Buffer.from(`maintainer:${registry}`).toString("base64");
      await writeFile(
        join(dockerConfig, "config.json"),
        JSON.stringify({ auths: { [sandbox.addresses.registry]: { auth } } }),
      );
      Object.assign(environment, { GITHUB_TOKEN: github, DOCKER_CONFIG: dockerConfig });
    },
    up: (...args) => run("pulumi", ["up", "--yes", "--skip-preview", ...stackArgs, ...args]),
    upWith: (program) => run("pulumi", ["up", "--yes", "--skip-preview", ...stackArgs], program),
    preview: (...args) => run("pulumi", ["preview", ...stackArgs, ...args]),
    pulumi: (...args) => run("pulumi", [...args, ...stackArgs]),
    prepare: ready,
    release: () => run("node", ["commands/main.ts", "release", ...stackArgs]),
    starting() {
      const child = execa(
        "pulumi",
        ["up", "--yes", "--skip-preview", ...stackArgs, "--non-interactive", "--color", "never"],
        {
          cwd: checkout,
          env: environment,
          all: true,
          reject: false,
          detached: true,
          cleanup: false,
        },
      );
      const pid = child.pid ?? 0;
      return { pid, ended: child, tree: async () => [pid, ...(await descendants(pid))] };
    },
    async state() {
      const { stdout } = await execa("pulumi", ["stack", "export", "--stack", "test"], {
        cwd: checkout,
        env: environment,
      });
      return JSON.parse(stdout) as Awaited<ReturnType<Project["state"]>>;
    },
    async units() {
      const { stdout } = await execa("pulumi", ["stack", "output", "units", "--json", "--stack", "test"], {
        cwd: checkout,
        env: environment,
      });
      return JSON.parse(stdout) as Awaited<ReturnType<Project["units"]>>;
    },
    async clone({ state = false } = {}) {
      const origin = await git("remote", "get-url", "origin");
      await rename(folder, `${folder}-${++clones}`);
      await execa("git", ["clone", "--quiet", origin, folder]);
      const clone = projectAt(sandbox, fullName, folder, state ? stateFolder : `${stateFolder}-${runs++}`);
      await clone.configure(
        Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice("lockstep:".length), value])),
      );
      return clone;
    },
  };
}

/** Keys in Lockstep's namespace; the workspace is relative to the folder of Pulumi.yaml. */
function namespaced(config: Record<string, unknown>, folder: string): Record<string, unknown> {
  // An organization's stack has no workspace.
  const all = "organization" in config ? config : { workspace: relative(checkout, folder), ...config };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [`lockstep:${key}`, value]));
}
