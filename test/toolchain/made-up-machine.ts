import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { findOnPath } from "../../toolchain/machine/environment.mjs";
import { type Machine, thisMachine } from "../../toolchain/machine/machine.mjs";
import type { Job } from "../../toolchain/machine/tool.mjs";

/** A machine in a temporary folder: an empty home, a checkout, and a PATH with the test's own programs before `/usr/bin:/bin`. */
export interface MadeUpMachine extends Machine {
  /** The folder all of it is in; removed after the test. */
  folder: string;
  /** What was asked of the network, one entry per request: method and address. */
  asked: string[];
  /** Puts a shell script on PATH. */
  addProgram(name: string, script: string): Promise<void>;
  /** Puts a Go module into the checkout's toolchain/go folder. */
  addGoModule(name: string, files: Record<string, string>): Promise<void>;
}

/** Makes a machine whose network refuses everything unless `answer` says otherwise (true: the download is there). */
export async function makeUpMachine(answer: (url: string) => boolean = () => false): Promise<MadeUpMachine> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-machine-"));
  // Go leaves a child behind that for a moment still writes its telemetry into HOME.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const bin = join(folder, "bin");
  const checkout = join(folder, "checkout");
  const asked: string[] = [];
  await mkdir(bin);
  await mkdir(checkout);
  return {
    folder,
    asked,
    env: { HOME: join(folder, "home"), PATH: [bin, "/usr/bin", "/bin"].join(delimiter) },
    platform: "linux",
    arch: "x64",
    nodeVersion: "24.21.0",
    nodePath: process.execPath,
    root: false,
    checkout,
    async fetch(url, init) {
      asked.push(`${init.method} ${url}`);
      return new Response(undefined, { status: answer(url) ? 200 : 404 });
    },
    async addProgram(name, script) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    },
    async addGoModule(name, files) {
      const module = join(checkout, "toolchain", "go", name);
      await mkdir(module, { recursive: true });
      for (const [file, text] of Object.entries(files)) {
        await writeFile(join(module, file), text);
      }
    },
  };
}

/** Lets a made-up machine use the real Go of this one, with its real caches. A module without dependencies needs no network. */
export function giveGo(machine: MadeUpMachine): void {
  const go = findOnPath(thisMachine(), "go");
  if (go === undefined) {
    throw new Error("These tests need Go on PATH: https://go.dev/dl");
  }
  const { HOME, GOCACHE, GOMODCACHE, GOPATH } = process.env;
  machine.env.PATH = `${machine.env.PATH}${delimiter}${dirname(go)}`;
  machine.env.GOCACHE = GOCACHE ?? join(HOME ?? "", ".cache", "go-build");
  machine.env.GOMODCACHE = GOMODCACHE ?? join(GOPATH ?? join(HOME ?? "", "go"), "pkg", "mod");
  machine.env.GOPROXY = "off";
  machine.env.GOTOOLCHAIN = "local";
}

/** A job that keeps what is reported. */
export interface MadeUpJob extends Job {
  said: string[];
  noted: string[];
}

/** The job that a tool's installation is given. */
export function makeUpJob(machine: Machine, signal = new AbortController().signal): MadeUpJob {
  const said: string[] = [];
  const noted: string[] = [];
  return {
    machine,
    signal,
    said,
    noted,
    say: (what) => said.push(what),
    note: (what) => noted.push(what),
    ready: async () => {},
    inBuildQueue: (build) => build(),
  };
}
