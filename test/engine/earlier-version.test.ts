import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWhole } from "../../sandbox/host/folder.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { projectAt } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const checkout = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
// The state has paths relative to the checkout, so that the sandbox must lie where it lay.
const folder = join(checkout, ".sandbox", "earlier");
const fixture = join(checkout, "test/fixtures/release-0.1.0/sandbox.tar.gz");

let sandbox: Sandbox;
let project: Project;
let config: Record<string, unknown>;
let run: Run;
let mark: number;

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await execa("tar", ["-xzf", fixture, "-C", folder]);
  const ports = JSON.parse(await readFile(join(folder, "ports.json"), "utf8")) as Required<SandboxPorts>;
  sandbox = await startSandbox({ folder, builder: true, ports });
  project = projectAt(sandbox, "acme/earlier", join(folder, "work/earlier/clone"), join(folder, "work/earlier/state"));
  config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  await project.configure(config);
  mark = sandbox.journal.mark();
  run = await project.up();
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

type SandboxPorts = NonNullable<Parameters<typeof startSandbox>[0]["ports"]>;

describe("what an earlier version released", () => {
  it("is taken as it is by its own stack", () => {
    expect(run.exitCode, run.output).toBe(0);
    const changing = run.operations.filter(({ op }) => !["same", "refresh", "read", "update"].includes(op));
    expect(changing).toEqual([]);
  });

  it("has nothing built, pushed, signed or uploaded", () => {
    const written = sandbox.journal.writes(mark).map(({ door, method, path }) => `${door} ${method} ${path}`);
    // The notes are Lockstep's own text: their commands also ask for the repository today.
    expect(written.filter((line) => !/^github PATCH .*\/releases\/\d+$/.test(line))).toEqual([]);
  });

  it("keeps every promise", async () => {
    const file = `${project.stateFolder}-verify.yaml`;
    const keys = { workspace: relative(checkout, project.folder), ...config };
    const named = Object.entries(keys).map(([key, value]) => [`lockstep:${key}`, value]);
    await writeWhole(file, stringify({ config: Object.fromEntries(named) }));
    const args = ["commands/main.ts", "verify", "earlier@1.0.0", "--config-file", file];
    const verified = await execa("node", args, { cwd: checkout, env: project.environment, all: true, reject: false });
    expect(verified.all).toContain("promises are kept");
    expect(verified.exitCode, verified.all).toBe(0);
  });
});
