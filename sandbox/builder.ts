import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { writeWhole } from "./host/folder.ts";
import { startTiedProcess } from "./host/tied-process.ts";

/** Name of the builder: the value of BUILDX_BUILDER. */
export const builderName = "sandbox";

/** One build that the builder remembers. */
export interface BuildRecord {
  ref: string;
  /** True once it has ended, with success or without. */
  completed: boolean;
}

/** BuildKit, ready to build and to push to the sandbox's registry. */
export interface Builder {
  /** `buildkit`: our own daemon; `docker`: a container builder of the local Docker engine. */
  kind: "buildkit" | "docker";
  /** For `buildctl --addr`; empty with `docker`. */
  address: string;
  /** Builds so far, as the daemon itself remembers them. */
  history(): Promise<BuildRecord[]>;
  close(): Promise<void>;
}

/** Where the builder stores its files. */
export interface BuilderOptions {
  /** Absolute folder of the sandbox. */
  folder: string;
  /** DOCKER_CONFIG of the sandbox: the builder is registered there. */
  dockerConfig: string;
  /** `127.0.0.1:PORT`, which it may reach over plain HTTP. */
  registry: string;
}

/**
 * Starts a builder: a container builder if a Docker engine with buildx answers, else `buildkitd` from PATH.
 * @throws if neither is available
 */
export async function startBuilder(options: BuilderOptions): Promise<Builder> {
  return (await startInDocker(options)) ?? (await startDaemon(options));
}

function daemonConfig(registry: string): string {
  return `[registry."${registry}"]\n  http = true\n  insecure = true\n`;
}

async function startInDocker({ folder, dockerConfig, registry }: BuilderOptions): Promise<Builder | undefined> {
  const env = { DOCKER_CONFIG: dockerConfig };
  const docker = (...args: string[]) => execa("docker", args, { env, timeout: 5000, reject: false });
  // `docker info` exits 0 without an engine in some versions; the server's version is empty then.
  const engine = await docker("info", "--format", "{{.ServerVersion}}");
  if (engine.failed || engine.stdout.trim() === "" || (await docker("buildx", "version")).failed) {
    return undefined;
  }
  if ((await docker("buildx", "inspect", builderName)).failed) {
    const config = join(folder, "buildkitd.toml");
    await writeWhole(config, daemonConfig(registry));
    const create = ["buildx", "create", "--name", builderName, "--driver", "docker-container"];
    await execa("docker", [...create, "--driver-opt", "network=host", "--buildkitd-config", config], { env });
  }
  await execa("docker", ["buildx", "inspect", builderName, "--bootstrap"], { env });
  return {
    kind: "docker",
    address: "",
    async history() {
      const list = await execa("docker", ["buildx", "history", "ls", "--builder", builderName, "--format", "json"], {
        env,
      });
      return list.stdout
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line) as { ref: string; status: string })
        .map(({ ref, status }) => ({ ref, completed: status !== "Running" }));
    },
    close: async () => undefined,
  };
}

async function startDaemon({ folder, dockerConfig, registry }: BuilderOptions): Promise<Builder> {
  const root = join(folder, "buildkit");
  await mkdir(root, { recursive: true });
  // A unix socket's path may have 107 bytes at most.
  const long = root.length + "/buildkitd.sock".length >= 100;
  const runtime = long ? await mkdtemp(join(tmpdir(), "sandbox-")) : root;
  const socket = join(runtime, "buildkitd.sock");
  await rm(socket, { force: true });
  const config = join(root, "buildkitd.toml");
  await writeWhole(
    config,
    `root = ${JSON.stringify(root)}\n[grpc]\n  address = [${JSON.stringify(`unix://${socket}`)}]\n${daemonConfig(registry)}`,
  );
  const address = `unix://${socket}`;
  const daemon = startTiedProcess({
    command: [
      "buildkitd",
      "--config",
      config,
      "--oci-worker=true",
      "--containerd-worker=false",
      "--oci-worker-binary=runc",
    ],
    log: join(folder, "buildkitd.log"),
  });
  // buildctl sends its trace to the daemon. If that takes more than 50 ms, buildctl fails although its work is done.
  const env = { OTEL_TRACES_SAMPLER: "always_off" };
  const buildctl = (...args: string[]) => execa("buildctl", ["--addr", address, ...args], { env, timeout: 60_000 });
  let ended: number | undefined;
  void daemon.ended.then((code) => {
    ended = code;
  });
  const deadline = Date.now() + 60_000;
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    const workers = await execa("buildctl", ["--addr", address, "debug", "workers"], {
      env,
      timeout: 5000,
      reject: false,
    });
    if (!workers.failed) {
      break;
    }
    if (ended !== undefined || workers.code === "ENOENT" || Date.now() > deadline) {
      await daemon.end();
      throw new Error(
        `buildkitd: did not start${ended === undefined ? "" : ` (code ${ended})`}, its log is ${join(folder, "buildkitd.log")}. ` +
          "Are buildkitd, buildctl and runc on PATH, and is this the root user?",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  const instance = {
    Name: builderName,
    Driver: "remote",
    Nodes: [
      { Name: `${builderName}0`, Endpoint: address, Platforms: null, DriverOpts: null, Flags: null, Files: null },
    ],
    Dynamic: false,
  };
  await writeWhole(join(dockerConfig, "buildx", "instances", builderName), `${JSON.stringify(instance)}\n`);
  return {
    kind: "buildkit",
    address,
    async history() {
      const { stdout } = await buildctl("debug", "histories", "--format", "{{json .}}");
      return stdout
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line) as { record?: { Ref?: string; CompletedAt?: unknown } })
        .map(({ record }) => ({ ref: record?.Ref ?? "", completed: record?.CompletedAt !== undefined }));
    },
    async close() {
      await daemon.end();
      if (long) {
        await rm(runtime, { recursive: true, force: true });
      }
    },
  };
}
