import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { releasingJobs } from "../../../../observe/source/workspace/workflow-file.ts";

const path = ".github/workflows/release.yml";
let workspace: string;

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "lockstep-workflow-"));
  await mkdir(join(workspace, ".github/workflows"), { recursive: true });
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

async function jobsOf(text: string) {
  await writeFile(join(workspace, path), text);
  return releasingJobs(workspace, path);
}

describe("releasingJobs", () => {
  it("finds those that run a release, with their own permissions or the workflow's", async () => {
    const text = `
permissions: {}
jobs:
  test: { steps: [{ run: npm test }] }
  own: { permissions: { contents: write }, steps: [{ uses: actions/checkout@v6 }, { run: npm run release -- --stack prod }] }
  whole: { steps: [{ run: "cd lockstep && pulumi up --stack prod" }] }
  called: { uses: acme/ci/.github/workflows/release.yml@v1 }
`;
    expect(await jobsOf(text)).toEqual([
      { name: "own", permissions: { contents: "write" } },
      { name: "whole", permissions: {} },
    ]);
  });

  it("says nothing of permissions that are written nowhere", async () => {
    expect(await jobsOf("jobs: { a: { steps: [{ run: npm run release }] } }")).toEqual([
      { name: "a", permissions: undefined },
    ]);
  });

  it.each(["", "jobs:", "jobs: { a: null }", "[", "- a list"])("finds none in %j", async (text) => {
    expect(await jobsOf(text)).toEqual([]);
  });

  it("finds none where there is no such file", async () => {
    expect(await releasingJobs(workspace, path)).toEqual([]);
  });
});
