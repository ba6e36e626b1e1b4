import { describe, expect, it } from "vitest";
import { summaryText } from "../../commands/summary.ts";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { artifactCommands, fileCommand } from "../../formats/release/verification-commands.ts";
import { commit, digest, identity } from "../plan/made-up-project.ts";

const image = {
  sourceHash: "",
  digest: digest("a"),
  how: "built" as const,
  reference: `ghcr.io/acme/widgets:1.2.3@${digest("a")}`,
  sbom: true,
};
const unit: UnitOutputs = {
  version: "1.2.3",
  revision: commit,
  gitTag: "v1.2.3",
  repository: "acme/widgets",
  packageRegistry: "ghcr.io",
  artifacts: { widgets: image },
  assets: ["a.tgz", "install.yaml"],
  release: "https://github.com/acme/widgets/releases/tag/v1.2.3",
  signing: identity,
  leftOut: [],
};
const trust = { identity, repository: "acme/widgets", trustedRoot: undefined };
const byDigest = `ghcr.io/acme/widgets@${digest("a")}`;

describe("summary", () => {
  it("says what is public, how to look at it, and how to verify it by digest", () => {
    expect(summaryText({ widgets: unit }, []).split("\n")).toEqual([
      "",
      "widgets 1.2.3 is released",
      `  widgets  ${image.reference}  (built)`,
      `  git tag  v1.2.3 at ${commit}`,
      `  Release  ${unit.release}`,
      "  signed   by acme/widgets/.github/workflows/release.yml at refs/tags/*",
      "  inspect it:",
      `    docker buildx imagetools inspect ${byDigest}`,
      `    in a browser: ${unit.release}`,
      "  verify it, with cosign 3 and gh:",
      ...artifactCommands({ reference: byDigest, sbom: true }, trust).map((command) => `    ${command}`),
      "  and in a folder with its files:",
      "    sha256sum --check --ignore-missing checksums.txt",
      `    ${fileCommand("checksums.txt", trust)}`,
      `    ${fileCommand("a.tgz", trust)}`,
      `    ${fileCommand("lockstep.release.json", trust)}`,
    ]);
  });

  it("names a trusted root of one's own so that it is found from every folder", () => {
    const lines = summaryText({ widgets: { ...unit, trustedRoot: "deploy/root.json" } }, []).split("\n");
    const commands = lines.filter((line) => /^ {4}(cosign|paste) /.test(line));
    expect(commands.length).toBe(8);
    for (const command of commands) {
      expect(command).toContain(` ${process.cwd()}/deploy/root.json `);
    }
  });

  it.each([
    ["files, by their checksums", ["install.yaml"], ["    sha256sum --check --ignore-missing checksums.txt"]],
    ["nothing where there is no file", [], []],
  ])("checks of a unit that is not signed %s", (_, assets, commands) => {
    const text = summaryText({ widgets: { ...unit, signing: "off", assets } }, []);
    expect(text).toContain("signed   no (`signing: off`)");
    expect(text.split("\n").filter((line) => /^ {4}(cosign|gh|sha256sum) /.test(line))).toEqual(commands);
  });

  it("verifies the record alone where nothing else is attached", () => {
    const lines = summaryText({ widgets: { ...unit, assets: [] } }, []).split("\n");
    expect(lines.slice(-2)).toEqual([
      "  and in a folder with its files:",
      `    ${fileCommand("lockstep.release.json", trust)}`,
    ]);
  });

  it("inspects a chart with helm", () => {
    const artifacts = { app: { ...image, kind: "chart" } };
    expect(summaryText({ widgets: { ...unit, artifacts } }, [])).toContain(`\n    helm show chart oci://${byDigest}\n`);
  });

  it("names what is left out, such as provenance that GitHub did not take", () => {
    const leftOut = ["widgets at GitHub's attestations API: Resource not accessible by integration"];
    expect(summaryText({ widgets: { ...unit, leftOut } }, [])).toContain(`  left out  ${leftOut[0]}`);
  });

  it("ends with what is left to people", () => {
    const left = ["ghcr.io/acme/widgets is private", "ghcr.io/acme/cli is linked to no repository"];
    expect(summaryText({ widgets: unit }, left)).toMatch(
      /\n\nleft to do by hand: ghcr\.io\/acme\/widgets is private\nleft to do by hand: ghcr\.io\/acme\/cli is linked to no repository$/,
    );
  });

  it("has every unit", () => {
    const text = summaryText({ api: unit, web: { ...unit, version: "2.0.0" } }, []);
    expect(text.match(/^\w+ [\d.]+ is released$/gm)).toEqual(["api 1.2.3 is released", "web 2.0.0 is released"]);
  });
});
