import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendStepSummary } from "../../commands/step-summary.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-step-summary-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("appendStepSummary", () => {
  it("appends to the file of the step", async () => {
    const file = join(folder, "summary.md");
    await appendStepSummary("# One", { GITHUB_STEP_SUMMARY: file });
    await appendStepSummary("# Two", { GITHUB_STEP_SUMMARY: file });
    expect(await readFile(file, "utf8")).toBe("# One\n# Two\n");
  });

  it.each([{}, { GITHUB_STEP_SUMMARY: "" }])("does nothing outside of GitHub Actions: %j", async (environment) => {
    await expect(appendStepSummary("# One", environment)).resolves.toBeUndefined();
  });

  it("cuts what is longer than GitHub accepts at a line's end, and says so", async () => {
    const file = join(folder, "long.md");
    await appendStepSummary("ä".repeat(99).concat("\n").repeat(6000), { GITHUB_STEP_SUMMARY: file });
    const text = await readFile(file, "utf8");
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/ä{99}\n\nThe rest is longer than GitHub accepts; the log of this step has all of it\.\n$/);
  });
});
