import { execa } from "execa";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWhole } from "../../sandbox/host/folder.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { onlyCreatesAndRetains } from "../support/engine-events.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { published } from "../support/published.ts";
import type { PublishedState } from "../support/published.ts";
import { cutEachOnce } from "../support/cut-answers.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true, allowDelete: true });
afterAll(forget);

let project: Project;
let before: PublishedState;

beforeAll(async () => {
  project = await makeProject(sandbox, "widgets");
  await project.commit("v1.0.0");
  const first = await project.up();
  expect(first.exitCode, first.output).toBe(0);
  before = await published(sandbox, project, "1.0.0");
});

describe("the next version", () => {
  let next: Run;
  beforeAll(async () => {
    await project.write({ "greeting.txt": "Hello, dear reader.\n" });
    await project.commit("v1.1.0");
    next = await project.up();
  });

  it("succeeds", () => expect(next.exitCode, next.output).toBe(0));
  it("only creates, and lets go of the old version's resources", () => {
    expect(next.operations.filter(({ op }) => op === "create").map(({ name }) => name)).toContain(
      "release/widgets@1.1.0",
    );
    expect(next.operations.filter(({ op }) => op === "delete").map(({ name }) => name)).toContain(
      "release/widgets@1.0.0",
    );
    expect(onlyCreatesAndRetains(next.operations)).toBe(true);
  });
  it("leaves every byte of the old version as it was", async () => {
    expect(await published(sandbox, project, "1.0.0")).toEqual(before);
  });
  it("makes the new one Latest", async () => {
    const latest = await fetch(`${sandbox.addresses.api}/repos/acme/widgets/releases/latest`);
    expect(((await latest.json()) as { tag_name: string }).tag_name).toBe("v1.1.0");
  });
});

describe("an older version, when each of GitHub's answers is cut once", () => {
  let older: Run;
  let cut: string[];
  beforeAll(async () => {
    await project.write({ "greeting.txt": "Hello again.\n" });
    await project.commit("v1.0.1");
    cut = cutEachOnce(sandbox, 1);
    older = await project.up();
    sandbox.faults.clear();
  });

  it("succeeds, because they are asked for again", () => {
    expect(older.exitCode, older.output).toBe(0);
    expect(cut.filter((path) => /\/releases\?/.test(path)).length).toBeGreaterThan(0);
    expect(cut.length).toBeGreaterThan(3);
  });
  it("leaves the newer one Latest", async () => {
    const latest = await fetch(`${sandbox.addresses.api}/repos/acme/widgets/releases/latest`);
    expect(((await latest.json()) as { tag_name: string }).tag_name).toBe("v1.1.0");
  });
});

describe("the retention command, when each of GitHub's answers is cut once", () => {
  it("finds that all of it is released", async () => {
    const { registry } = sandbox.addresses;
    const keys = { repository: project.fullName, image: `${registry}/${project.fullName}`, signing: "off" };
    const named = Object.entries({ ...keys, packages: { registry } }).map(([key, value]) => [`lockstep:${key}`, value]);
    const file = `${project.stateFolder}-retention.yaml`;
    await writeWhole(file, stringify({ config: Object.fromEntries(named) }));
    const cut = cutEachOnce(sandbox, 2);
    const mark = sandbox.journal.mark();
    const args = ["commands/main.ts", "retention", "--config-file", file, "--keep", "0", "--confirm"];
    const run = await execa("node", args, { env: project.environment, all: true, reject: false });
    sandbox.faults.clear();
    expect(run.exitCode, run.all).toBe(0);
    expect(run.all).toContain("0 versions go");
    expect([cut.length > 3, sandbox.journal.writes(mark)]).toEqual([true, []]);
  });
});

// The registry would carry a delete out. GHCR refuses it, so none may be asked for.
describe("a released version, when its stack is destroyed", () => {
  it("leaves every byte of both versions, and asks for no delete", async () => {
    const both = [before, await published(sandbox, project, "1.1.0")];
    const mark = sandbox.journal.mark();
    const destroyed = await project.pulumi("destroy", "--yes");
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect([await published(sandbox, project, "1.0.0"), await published(sandbox, project, "1.1.0")]).toEqual(both);
  });
});
