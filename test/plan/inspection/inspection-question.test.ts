import { describe, expect, it } from "vitest";
import type { ReadUnit } from "../../../config/release/release-spec.ts";
import { inspectionQuestion } from "../../../plan/inspection/inspection-question.ts";
import { namedUnits } from "../../../plan/project/named-units.ts";
import { readShort } from "../../config/valid-config.ts";

function contentOf(keys: Record<string, unknown>, chart?: ReadUnit["chart"]) {
  const { spec } = readShort(keys);
  const [named] = spec ? namedUnits(spec) : [];
  const unit = named && { ...named, unit: { ...named.unit, ...(chart && { chart }) } };
  return spec && unit && inspectionQuestion(spec, unit, { version: "1.2.3", current: true }, []).content;
}

const charts = [{ path: "charts/app", repository: "ghcr.io/acme/charts/app", name: "app-chart" }];

describe("inspectionQuestion", () => {
  it("asks for a chart under its bare version, and for its package", () => {
    expect(contentOf({ image: undefined, charts, tags: { prefix: "v" } })).toEqual({
      artifacts: { "app-chart": { repository: "ghcr.io/acme/charts/app", tag: "1.2.3" } },
      assets: ["app-1.2.3.tgz", "checksums.txt"],
    });
  });

  it("exempts the documents of a chart from having bundles, if the unit attaches them", () => {
    const documents = ["CHANGELOG.md", "README.md", "LICENSE"];
    expect(
      contentOf({ image: undefined, charts }, { name: "app", folder: "charts/app", latest: false })?.documents,
    ).toEqual(documents);
    expect(contentOf({ image: undefined, charts })?.documents).toBeUndefined();
  });

  it("asks for the lineage of a chart, if the unit attaches it", () => {
    expect(contentOf({ charts, lineage: true })?.assets).toEqual([
      "app-1.2.3.tgz",
      "app-attestation-lineage.json",
      "checksums.txt",
    ]);
  });

  it("asks for an image under its version with the prefix, and for no file", () => {
    expect(contentOf({ tags: { prefix: "v" } })).toEqual({
      artifacts: { widgets: { repository: "ghcr.io/acme/widgets", tag: "v1.2.3" } },
      assets: [],
    });
  });

  it("asks for the unit's files and packages together", () => {
    expect(contentOf({ charts, assets: [{ glob: "dist/*.zip" }] })?.assets).toEqual([
      "*.zip",
      "app-1.2.3.tgz",
      "checksums.txt",
    ]);
  });
});
