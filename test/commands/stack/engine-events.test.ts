import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEngineEvents } from "../../../commands/stack/engine-events.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-events-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stack = "urn:pulumi:prod::lockstep::pulumi:pulumi:Stack::lockstep-prod";
const train = "urn:pulumi:prod::lockstep::lockstep:release:ReleaseTrain::app@1.2.3";
const type = "pulumi-nodejs:dynamic/lockstep:GitTag";
const tag = `urn:pulumi:prod::lockstep::lockstep:release:ReleaseTrain$${type}::git-tag/app@1.2.3`;
const state = { parent: train, inputs: { tag: "v1.2.3" }, outputs: { tag: "v1.2.3", commit: "c0ffee" } };
const step = (op: string, now: object | null = state) => ({ metadata: { op, urn: tag, type, new: now } });
const diagnostic = (message: string, severity = "error") => ({
  diagnosticEvent: { message, severity, color: "never" },
});

async function read(...events: unknown[]) {
  const file = join(folder, "events.json");
  await writeFile(file, events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))).join("\n"));
  return readEngineEvents(file);
}

describe("readEngineEvents", () => {
  const common = { type, name: "git-tag/app@1.2.3", parent: "app@1.2.3", inputs: { tag: "v1.2.3" } };

  it.each([
    ["is done", [{ resourcePreEvent: step("create") }, { resOutputsEvent: step("create") }], "done"],
    ["was as it should be", [{ resourcePreEvent: step("same") }, { resOutputsEvent: step("same") }], "done"],
    ["failed", [{ resourcePreEvent: step("create") }, { resOpFailedEvent: step("create", null) }], "failed"],
    ["was begun, and the run was ended", [{ resourcePreEvent: step("create") }], "begun"],
    [
      "could not be read at first",
      [{ resourcePreEvent: step("refresh") }, { resOpFailedEvent: step("refresh") }],
      "failed",
    ],
  ])("says of a resource that it %s", async (_, events, expected) => {
    const { resources } = await read(
      { resourcePreEvent: { metadata: { op: "same", urn: stack, type: "x" } } },
      ...events,
    );
    const outputs = expected === "done" ? state.outputs : {};
    expect(resources.slice(1)).toEqual([{ ...common, state: expected, outputs }]);
  });

  it("does not count what was only looked at, and what left the state", async () => {
    const looked = [{ resourcePreEvent: step("refresh") }, { resOutputsEvent: step("refresh") }];
    const left = [{ resourcePreEvent: step("delete", null) }, { resOutputsEvent: step("delete", null) }];
    expect((await read(...looked, ...left)).resources).toEqual([]);
  });

  it("has each error once, without colours, and without what the engine adds", async () => {
    const events = [
      diagnostic("<{%fg 1%}>pushing app failed\nno right<{%reset%}>\n"),
      diagnostic("pushing app failed\nno right"),
      diagnostic("update failed"),
      diagnostic("only a warning", "warning"),
      diagnostic(""),
    ];
    expect((await read(...events)).errors).toEqual(["pushing app failed\nno right"]);
  });

  it("skips what is not an event, such as the half of one at the end", async () => {
    const found = await read(
      "",
      "null",
      "[]",
      '{"resourcePreEvent":{}}',
      diagnostic("an error"),
      '{"diagnosticEvent":{"mes',
    );
    expect(found).toEqual({ resources: [], errors: ["an error"] });
  });

  it("has nothing of a run that has not begun", async () => {
    expect(await readEngineEvents(join(folder, "none.json"))).toEqual({ resources: [], errors: [] });
  });
});
