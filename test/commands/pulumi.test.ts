import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, describe, it } from "vitest";

const checkout = new URL("../..", import.meta.url).pathname;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the pulumi command", () => {
  it("runs it on the stack that a release would have", async () => {
    const run = await execa("node", ["commands/main.ts", "pulumi", "stack", "--show-name", "--stack", "org"], {
      cwd: checkout,
      env: { PULUMI_BACKEND_URL: pathToFileURL(folder).href },
    });
    expect(run.stdout).toBe("org");
  });

  it("passes its exit code on", async () => {
    const run = await execa("node", ["commands/main.ts", "pulumi", "no-such-command", "--stack", "org"], {
      cwd: checkout,
      env: { PULUMI_BACKEND_URL: pathToFileURL(folder).href },
      reject: false,
    });
    expect(run.exitCode).not.toBe(0);
  });
});
