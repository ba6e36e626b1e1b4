import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { imageTags, releases } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

/** What every failure says, whoever caused it. */
function expectExplained(run: Run, words: string): void {
  expect(run.exitCode, run.output).not.toBe(0);
  expect(run.output).toContain(words);
  for (const part of ["reason:", "what it means:", "how to fix it:", "safe to re-run:  yes"]) {
    expect(run.output).toContain(part);
  }
  expect(run.output).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/);
}

describe("a release, when the push of one of two images is refused", () => {
  let project: Project;
  let refused: Run;

  beforeAll(async () => {
    project = await makeProject(sandbox, "pair", {
      image: undefined,
      images: [
        { name: "open", repository: `${sandbox.addresses.registry}/acme/open`, platforms: ["linux/amd64"] },
        {
          name: "locked",
          repository: `${sandbox.addresses.registry}/acme/locked`,
          platforms: ["linux/amd64"],
          buildArgs: { FLAVOUR: "locked" },
        },
      ],
    });
    await project.commit("v1.0.0");
    // The right is lost after the preflight has seen it: the builder looks for the layer before it sends it, and the preflight asks for no
    // blob.
    const act = (): void => void sandbox.registry.refuse("acme/locked");
    sandbox.faults.add({ door: "registry", method: "HEAD", path: /\/acme\/locked\/blobs\//, when: "before", act });
    refused = await project.up();
  });

  it("fails, and says repository, the server's words, meaning and fix", () => {
    expectExplained(refused, "permission_denied: write_package");
    expect(refused.output).toContain(`${sandbox.addresses.registry}/acme/locked`);
    expect(refused.output).toContain("Manage Actions access");
  });

  it("skips every later stop, also those that do not depend on the failure directly: no tag, no Release", async () => {
    expect([await imageTags(sandbox, "acme/open"), await imageTags(sandbox, "acme/locked")]).toEqual([[], []]);
    expect(await releases(sandbox, project.fullName)).toEqual([]);
    expect(sandbox.journal.writes(0, { door: "github", repository: project.fullName })).toEqual([]);
  });

  it("pushes only what was missing once the right is there", async () => {
    sandbox.registry.grant("acme/locked");
    const mark = sandbox.journal.mark();
    const again = await project.up();
    expect(again.exitCode, again.output).toBe(0);
    // A write without a token is answered 401 and asked for again: only what was taken counts.
    const pushed = sandbox.journal.writes(mark, { door: "registry" }).filter(({ status }) => status < 300);
    expect(pushed.filter(({ repository }) => repository === "acme/open").map(({ path }) => path)).toEqual([
      "/v2/acme/open/manifests/1.0.0",
    ]);
    expect(pushed.filter(({ repository }) => repository === "acme/locked").length).toBeGreaterThan(2);
    expect(await imageTags(sandbox, "acme/locked")).toEqual(["1.0.0"]);
  });
});
