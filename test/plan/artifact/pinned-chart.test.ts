import { describe, expect, it } from "vitest";
import { awaitedImages, editsOf, isEdited, trialEdits } from "../../../plan/artifact/pinned-chart.ts";
import type { PlannedPin } from "../../../plan/artifact/pinned-chart.ts";
import { digest } from "../made-up-project.ts";

const place = { form: "digest" as const, repository: "ghcr.io/acme/app", tag: "1.2.3" };
const pin = (path: string, known: string | undefined, artifact = "app"): PlannedPin => ({
  ...place,
  path,
  artifact,
  version: "1.2.3",
  digest: known,
});
const versions = { appVersion: "1.2.3" };

describe("editsOf", () => {
  it.each([
    ["nothing", [], undefined, {}],
    ["versions alone", [], versions, { versions }],
    ["pins alone", [pin("a", digest("a"))], undefined, { pins: [{ ...place, path: "a", digest: digest("a") }] }],
    ["both", [pin("a", digest("a"))], versions, { pins: [{ ...place, path: "a", digest: digest("a") }], versions }],
  ])("has %s", (_, pins, said, edits) => {
    expect(editsOf({ pins, versions: said })).toEqual(edits);
  });

  it("has nothing yet as long as one digest is not known", () => {
    expect(editsOf({ pins: [pin("a", digest("a")), pin("b", undefined)], versions })).toBeUndefined();
  });
});

describe("awaitedImages", () => {
  it("names each image once, and none whose digest is known", () => {
    const pins = [
      pin("a", undefined),
      pin("b", undefined),
      pin("c", undefined, "worker"),
      pin("d", digest("d"), "web"),
    ];
    expect(awaitedImages({ pins })).toEqual(["app", "worker"]);
  });
});

describe("trialEdits", () => {
  it("has another digest in each place, the same each time, and never that of the image", () => {
    const pinned = { pins: [pin("a", digest("a")), pin("b", undefined)], versions };
    const edits = trialEdits(pinned);
    expect(new Set([digest("a"), ...(edits.pins ?? []).map((one) => one.digest)]).size).toBe(3);
    expect(edits.pins?.map((one) => one.digest)).toEqual([
      expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    ]);
    expect([trialEdits(pinned), edits.versions]).toEqual([edits, versions]);
  });
});

describe("isEdited", () => {
  const chart = { path: "charts/app", repository: "ghcr.io/acme/charts/app" };
  it.each([
    [{}, false],
    [{ pins: {} }, false],
    [{ pins: { a: { image: "app", form: "tag" as const } } }, true],
    [{ appVersion: "app" }, true],
    [{ version: "unit" as const }, true],
  ])("a chart with %j: %s", (more, edited) => {
    const written = { ...chart, ...more };
    const artifact = { kind: "chart" as const, name: "app", ociRepository: chart.repository, place: [], written };
    expect(isEdited(artifact)).toBe(edited);
  });
});
