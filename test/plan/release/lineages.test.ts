import { describe, expect, it } from "vitest";
import type { ReadUnit } from "../../../config/release/release-spec.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import { planLineages } from "../../../plan/release/lineages.ts";
import type { PublishedRelease } from "../../../observe/published/release.ts";
import { ourRelease, personsRelease } from "../made-up-project.ts";

const name = "app-attestation-lineage.json";
const lineage = { artifact: "chart", name };
const sha256 = "a".repeat(64);

/** A unit with an image and a chart that is not named as its repository is. */
function planned(asked: boolean, release?: PublishedRelease, assets: { name: string }[] = []) {
  const artifacts = [
    { kind: "image", name: "app", ociRepository: "ghcr.io/acme/app" },
    { kind: "chart", name: "chart", ociRepository: "ghcr.io/acme/charts/app" },
  ];
  return planLineages({ spec: { artifacts, lineage: asked } as ReadUnit }, "widgets@1.2.3", { release }, assets);
}

function published(assets: Record<string, string>): PublishedRelease {
  return ourRelease({ assets } as ReleaseRecord, true);
}

describe("planLineages", () => {
  it.each([
    ["the chart, and no image, if the unit asks for it", planned(true), [lineage]],
    ["nothing if it does not", planned(false), []],
    ["what the record of a published version names", planned(false, published({ [name]: sha256 })), [lineage]],
    ["nothing that it does not name", planned(true, published({})), []],
    ["what the unit asks for, if the record cannot be read", planned(true, ourRelease()), [lineage]],
    ["what the unit asks for, whatever a person published", planned(true, personsRelease), [lineage]],
    ["no file of the workspace", planned(false, published({ [name]: sha256 }), [{ name }]), []],
  ])("plans %s", (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });
});
