import { describe, expect, it } from "vitest";
import type { ChartPlan } from "../../../plan/artifact/chart.ts";
import { planText } from "../../../plan/release/plan-text.ts";
import { commit, digest, nothing, ourRelease } from "../made-up-project.ts";

import { asset, planned, tagged } from "./made-up-release.ts";

describe("planText", () => {
  const notes = (of: string): string[] => [
    "  notes:",
    "    | - it",
    "    |",
    "    | ## Artifacts",
    "    |",
    "    | | name | kind | reference |",
    "    | | --- | --- | --- |",
    `    | | widgets | image | \`ghcr.io/acme/widgets:1.2.3@${of}\` |`,
  ];
  const files = [{ changelog: "## 1.2.3\n\n- it\n" }];

  it("tells all of it, with what only a push can tell", () => {
    expect(planText(planned(nothing, { assets: [asset], difference: { files } }))).toBe(
      [
        `widgets 1.2.3, version from the tag at HEAD, commit ${commit}`,
        "  image widgets: build and push → ghcr.io/acme/widgets:1.2.3@<known after push>",
        "  git tag v1.2.3",
        '  Release "v1.2.3", with install.yaml, checksums.txt, lockstep.release.json',
        "  left out: no licenses label: `license` is not configured",
        ...notes("<known after push>"),
        "    |",
        "    | ## Files",
        "    |",
        "    | Download the files and check them:",
        "    |",
        "    | ```sh",
        "    | sha256sum --check --ignore-missing checksums.txt",
        "    | ```",
        "    |",
        `    | Built from commit \`${commit}\`; \`lockstep.release.json\` lists every digest.`,
        "    | This release is **not signed** (`signing: off`).",
      ].join("\n"),
    );
  });

  it("tells a published one with its digest", () => {
    const published = { ...nothing, artifacts: tagged(), gitTagCommit: commit, release: ourRelease() };
    expect(planText(planned(published, { difference: { files, config: { license: "MIT" } } }))).toBe(
      [
        `widgets 1.2.3, version from the tag at HEAD, commit ${commit}`,
        "  already published: nothing to do",
        `  image widgets: taken as it is → ghcr.io/acme/widgets:1.2.3@${digest("a")}`,
        "  git tag v1.2.3",
        '  Release "v1.2.3", with lockstep.release.json',
        ...notes(digest("a")),
        "    |",
        `    | Built from commit \`${commit}\`; \`lockstep.release.json\` lists every digest.`,
        "    | This release is **not signed** (`signing: off`).",
      ].join("\n"),
    );
  });

  it("says of a provisional one that `up` would refuse", () => {
    const difference = { workTree: { tags: [] }, run: { preview: true } };
    expect(planText(planned(nothing, { difference })).split("\n")[0]).toBe(
      `widgets 0.0.0-preview.gc0ffee0 (provisional: this commit has no version tag, so \`up\` would refuse), version from nothing: provisional, commit ${commit}`,
    );
  });

  it("shows a control character of the notes as its number", () => {
    const text = "## 1.2.3\r\n\r\n- it \u001b[2J\r\n";
    const shown = planText(planned(nothing, { difference: { files: [{ changelog: text }] } }));
    expect(shown).toContain("\n    | - it \\u001b[2J\n");
    expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it("says that a pre-release is one", () => {
    const difference = { config: { lane: { accepts: "prerelease" } }, workTree: { tags: ["v1.2.3-rc.1"] } };
    expect(planText(planned(nothing, { difference }))).toContain('Release "v1.2.3-rc.1", a pre-release, with ');
  });

  it("says what Artifact Hub is going to read of a chart", () => {
    const hubFile = { path: "../widgets/artifacthub-repo.yml", sha256: "6".repeat(64) };
    const plan = planned(nothing);
    const [image] = plan.artifacts;
    const chart = { ...image, kind: "chart", ociRepository: "ghcr.io/acme/charts/app", hubFile } as ChartPlan;
    expect(planText({ ...plan, artifacts: [chart] })).toContain(
      "\n  after the Release: ghcr.io/acme/charts/app:artifacthub.io, with ../widgets/artifacthub-repo.yml\n",
    );
  });
});
