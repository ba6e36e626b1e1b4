import { describe, expect, it } from "vitest";
import { notes } from "../../plan/notes.ts";

const end =
  "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.\nThis release is **not signed** (`signing: off`).";
const app = { name: "app", kind: "image", repository: "ghcr.io/acme/app", tag: "1.2.3" };

describe("when notes are made", () => {
  it("has text, artifacts with places for digests, how to check the files, and what is signed", () => {
    const artifacts = [app, { ...app, name: "cli", repository: "ghcr.io/acme/cli" }];
    expect(notes({ text: "## Fixed\n\n- it", artifacts, assets: ["install.yaml"], revision: "c0ffee" })).toBe(
      [
        "## Fixed",
        "",
        "- it",
        "",
        "## Artifacts",
        "",
        "| name | kind | reference |",
        "| --- | --- | --- |",
        "| app | image | `ghcr.io/acme/app:1.2.3@{{digest:app}}` |",
        "| cli | image | `ghcr.io/acme/cli:1.2.3@{{digest:cli}}` |",
        "",
        "## Files",
        "",
        "Download the files and check them:",
        "",
        "```sh",
        "sha256sum --check --ignore-missing checksums.txt",
        "```",
        "",
        end,
      ].join("\n"),
    );
  });

  it.each([undefined, "", " \n\n"])("leaves out a text that is %j", (text) => {
    expect(notes({ text, artifacts: [], assets: [], revision: "c0ffee" })).toBe(end);
  });

  it("leaves out the table where there is no artifact", () => {
    expect(notes({ text: "x", artifacts: [], assets: ["a"], revision: "c0ffee" })).not.toContain("## Artifacts");
  });

  it("leaves out the files where there are none", () => {
    expect(notes({ text: "x", artifacts: [app], assets: [], revision: "c0ffee" })).not.toContain("## Files");
  });

  it("has unix line ends, whatever the text has", () => {
    expect(notes({ text: "a\r\nb\r\n", artifacts: [], assets: [], revision: "c0ffee" })).toBe(`a\nb\n\n${end}`);
  });
});
