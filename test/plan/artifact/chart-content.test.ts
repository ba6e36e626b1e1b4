import { describe, expect, it } from "vitest";
import type { PublishedChart } from "../../../observe/published/chart.ts";
import { chartDifferences } from "../../../plan/artifact/chart-content.ts";
import { digest } from "../made-up-project.ts";

const ours = {
  config: digest("c"),
  source: undefined,
  files: { "Chart.yaml": "1", "values.yaml": "2", "templates/app.yaml": "3" },
};
const same: PublishedChart = { config: digest("c"), layers: [digest("a")], attached: false };
const another = { ...same, layers: [digest("b")] };

function differences(chart: PublishedChart | undefined, files: Record<string, string> = ours.files): string[] {
  const published = { digest: digest("f"), annotations: {}, children: [], ...(chart === undefined ? {} : { chart }) };
  return chartDifferences(published, digest("a"), { ...ours, files });
}

describe("chartDifferences", () => {
  it("finds none if config and package are the same", () => {
    expect(differences(same)).toEqual([]);
  });

  it.each<[string, PublishedChart | undefined, string[]]>([
    ["something that is not a chart", undefined, ["it is not a Helm chart"]],
    ["a manifest without a layer", { ...same, layers: [] }, ["it has 0 layers, and a chart has one"]],
    ["a second layer", { ...same, layers: [digest("a"), digest("b")] }, ["it has 2 layers, and a chart has one"]],
    [
      "another config",
      { ...same, config: digest("d") },
      ["its package is the same, and its config says something else of it"],
    ],
    [
      "no config of a chart",
      { ...same, config: undefined },
      ["its package is the same, and its config says something else of it"],
    ],
    ["a subject", { ...same, attached: true }, ["it is attached to something else, as its `subject` says"]],
    ["another package whose files were not read", another, ["it has another package"]],
    [
      "a package that cannot be read",
      { ...another, files: { unreadable: "is not in the registry" } },
      ["it has another package, which is not in the registry"],
    ],
    [
      "the same files, packed by another tool",
      { ...another, files: { read: ours.files } },
      ["its package has the same files and other bytes: another tool packed it"],
    ],
    [
      "other files",
      { ...another, files: { read: { "Chart.yaml": "1", "values.yaml": "9", "templates/old.yaml": "3" } } },
      [
        "files that differ: values.yaml",
        "files that are not published: templates/app.yaml",
        "files that are only published: templates/old.yaml",
      ],
    ],
  ])("describes %s", (_, chart, said) => {
    expect(differences(chart)).toEqual(said);
  });

  it("names five files, and counts the others", () => {
    const read = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`files/${at}`, "1"]));
    expect(differences({ ...another, files: { read } }, {})).toEqual([
      "files that are only published: files/0, files/1, files/2, files/3, files/4 and 3 more",
    ]);
  });

  it("does not take a name of every object for a file", () => {
    expect(differences({ ...another, files: { read: {} } }, { constructor: "1" })).toEqual([
      "files that are not published: constructor",
    ]);
  });

  it("cuts a long name, which others chose", () => {
    const [line = ""] = differences({ ...another, files: { read: { ["x".repeat(500)]: "1" } } }, {});
    expect(line).toBe(`files that are only published: ${"x".repeat(120)}…`);
  });
});
