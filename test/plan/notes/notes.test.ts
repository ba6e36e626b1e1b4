import { describe, expect, it } from "vitest";
import { artifactCommands, fileCommand } from "../../../formats/release/verification-commands.ts";
import { notes } from "../../../plan/notes/notes.ts";
import type { NotesContent } from "../../../plan/notes/notes.ts";
import { identity } from "../made-up-project.ts";

const end =
  "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.\nThis release is **not signed** (`signing: off`).";
const app = { name: "app", kind: "image", ociRepository: "ghcr.io/acme/app", tag: "1.2.3", sbom: false };
const cli = { ...app, name: "cli", ociRepository: "ghcr.io/acme/cli", sbom: true };
const unsigned: NotesContent = {
  text: "x",
  artifacts: [],
  version: "1.2.3",
  assets: [],
  revision: "c0ffee",
  repository: "acme/widgets",
  signing: "off",
  trustedRoot: undefined,
};

describe("notes", () => {
  it("has text, artifacts with places for digests, how to check the files, and what is signed", () => {
    expect(
      notes({ ...unsigned, text: "## Fixed\n\n- it", artifacts: [app, cli], assets: [{ name: "install.yaml" }] }).split(
        "\n",
      ),
    ).toEqual([
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
      ...end.split("\n"),
    ]);
  });

  it.each([undefined, "", " \n\n"])("leaves out a text that is %j", (text) => {
    expect(notes({ ...unsigned, text })).toBe(end);
  });

  it("leaves out the table where there is no artifact", () => {
    expect(notes({ ...unsigned, assets: [{ name: "a" }] })).not.toContain("## Artifacts");
  });

  it("leaves out the files where there are none", () => {
    expect(notes({ ...unsigned, artifacts: [app] })).not.toContain("## Files");
  });

  it("has unix line ends, whatever the text has", () => {
    expect(notes({ ...unsigned, text: "a\r\nb\r\n" })).toBe(`a\nb\n\n${end}`);
  });

  it("has no commands for what nobody signed", () => {
    expect(notes({ ...unsigned, artifacts: [app], assets: [{ name: "a" }] })).not.toMatch(/cosign|gh attestation/);
  });
});

describe("notes, when an artifact is a chart", () => {
  const chart = { ...app, kind: "chart", ociRepository: "ghcr.io/acme/charts/app" };
  const install = (content: Partial<NotesContent>): string[] => {
    const part = notes({ ...unsigned, ...content }).split("## Install\n")[1] ?? "";
    return part.split("\n\nBuilt from")[0]?.split("\n") ?? [];
  };

  it("has how it is installed, by version and by digest", () => {
    expect(install({ artifacts: [chart, cli] })).toEqual([
      "",
      "With [helm](https://helm.sh) 3.8 or later.",
      "",
      "```sh",
      "helm install app oci://ghcr.io/acme/charts/app --version 1.2.3",
      "```",
      "",
      "By its digest, which always names the same bytes, with helm 3.18 or later:",
      "",
      "```sh",
      "helm install app oci://ghcr.io/acme/charts/app@{{digest:app}}",
      "```",
    ]);
  });

  it("says what finds a version with a plus sign", () => {
    const lines = install({ artifacts: [{ ...chart, tag: "1.2.3_b.1" }], version: "1.2.3+b.1" });
    expect(lines[1]).toBe(
      "With [helm](https://helm.sh) 3.8 or later. Its tag is `1.2.3_b.1`, but helm finds the version by `--version` only.",
    );
    expect(lines).toContain("helm install app oci://ghcr.io/acme/charts/app --version 1.2.3+b.1");
  });

  it("has how a library is used, which cannot be installed", () => {
    expect(install({ artifacts: [{ ...chart, installable: false }] })).toEqual([
      "",
      "In the Chart.yaml of a chart that uses it:",
      "",
      "```yaml",
      "dependencies:",
      "  - name: app",
      '    version: "1.2.3"',
      "    repository: oci://ghcr.io/acme/charts",
      "```",
    ]);
  });

  it("says what the lineage of the chart is, if the Release has one", () => {
    const lineage = "app-attestation-lineage.json";
    const assets = [{ name: "app-1.2.3.tgz" }, { name: lineage }];
    expect(notes({ ...unsigned, artifacts: [chart], assets })).toContain(
      `\n\n\`${lineage}\` lists the attestations that led to this chart, and the pull request that it came from.\nBuilt from`,
    );
    expect(notes({ ...unsigned, artifacts: [chart], assets: assets.slice(0, 1) })).not.toContain("lineage");
    expect(notes({ ...unsigned, artifacts: [app], assets })).not.toContain("lineage");
  });

  it("has nothing to install if there are only images", () => {
    expect(notes({ ...unsigned, artifacts: [app, cli] })).not.toMatch(/Install|helm/);
  });
});

/** The part that tells how to verify. */
function verifyPart(content: NotesContent): string {
  return notes(content).split("## Verify\n")[1] ?? "";
}

describe("notes, when a release is signed", () => {
  const signed: NotesContent = { ...unsigned, signing: identity };
  const trust = { identity, repository: "acme/widgets", trustedRoot: undefined };
  const commandsOf = ({ name, ociRepository, sbom }: typeof app): string[] =>
    artifactCommands({ reference: `${ociRepository}@{{digest:${name}}}`, sbom }, trust);

  it("has who signed, and commands for each artifact by digest and for the files, folded away", () => {
    const part = verifyPart({
      ...signed,
      artifacts: [app, cli],
      assets: [{ name: "a.tgz" }, { name: "install.yaml" }],
    });
    expect(part.split("\n")).toEqual([
      "",
      "Signed by the workflow `acme/widgets/.github/workflows/release.yml` at `refs/tags/*`. To paste, with [cosign](https://github.com/sigstore/cosign) 3 and [gh](https://cli.github.com), logged in:",
      "",
      "<details>",
      "<summary><code>app</code>: signature, provenance</summary>",
      "",
      "```sh",
      ...commandsOf(app),
      "```",
      "",
      "</details>",
      "",
      "<details>",
      "<summary><code>cli</code>: signature, provenance, SBOM</summary>",
      "",
      "```sh",
      ...commandsOf(cli),
      "```",
      "",
      "</details>",
      "",
      "<details>",
      "<summary>files, each with its <code>.sigstore.json</code></summary>",
      "",
      "```sh",
      fileCommand("checksums.txt", trust),
      fileCommand("a.tgz", trust),
      fileCommand("lockstep.release.json", trust),
      "```",
      "",
      "</details>",
      "",
      "`cosign verify` takes anything that this workflow attested for a signature; the command after it asks for the signature itself.",
      "",
      "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.",
    ]);
  });

  it("has a command for the record alone where nothing else is attached", () => {
    const part = verifyPart(signed);
    expect(part).toContain("<summary><code>lockstep.release.json</code></summary>");
    expect(part.match(/^(cosign|gh|paste) .*/gm)).toEqual([fileCommand("lockstep.release.json", trust)]);
  });

  it("names files without a signature, and has no command for them", () => {
    const documents = ["CHANGELOG.md", "LICENSE"].map((name) => ({ name, signed: false as const }));
    const part = verifyPart({ ...signed, assets: [{ name: "a.tgz" }, ...documents] });
    expect(part).toContain("\nCHANGELOG.md, LICENSE: no signature of their own, `checksums.txt` has their sha256.\n");
    const files = ["checksums.txt", "a.tgz", "lockstep.release.json"];
    expect(part.match(/^cosign verify-blob .*/gm)).toEqual(files.map((name) => fileCommand(name, trust)));
  });

  it("does not say that it is not signed", () => {
    expect(notes({ ...signed, artifacts: [app] })).not.toContain("not signed");
  });

  it("says nothing of a Sigstore where it is the public one", () => {
    expect(notes({ ...signed, artifacts: [app] })).not.toMatch(/own|trusted.root/);
  });

  it.each([
    ["deploy/trusted_root.json", "from the project, in the repository `deploy/trusted_root.json`, not from here"],
    ["../secret/root.json", "from the project, not from here"],
    ["a/../../root.json", "from the project, not from here"],
    ["with `tick`.json", "from the project, not from here"],
  ])("says where the trusted root %j is to be had, and uses it by one name", (trustedRoot, where) => {
    const part = verifyPart({ ...signed, artifacts: [app], trustedRoot });
    expect(part).toContain("from `trusted_root.json` in the folder where they run");
    expect(part).toContain(where);
    expect(part).not.toContain("..");
    const reference = "ghcr.io/acme/app@{{digest:app}}";
    const commands = artifactCommands({ reference, sbom: false }, { ...trust, trustedRoot: "trusted_root.json" });
    expect(part).toContain(["```sh", ...commands, "```"].join("\n"));
  });

  it("has the commands of the first artifact only where all of them are more than GitHub takes", () => {
    const artifacts = Array.from({ length: 60 }, (_, at) => ({ ...app, name: `app${at}` }));
    const whole = notes({ ...signed, artifacts });
    expect(whole.match(/<summary><code>app/g)?.length).toBe(60);
    const short = notes({ ...signed, artifacts, text: "x".repeat(90_000) });
    expect(short.match(/<summary><code>app/g)?.length).toBe(1);
    expect(short.match(/^\| app\d+ /gm)?.length).toBe(60);
    expect(short).toContain("the same for every other reference above");
    expect(short.replaceAll(/\{\{digest:\w+\}\}/g, `sha256:${"0".repeat(64)}`).length).toBeLessThan(125_000);
  });
});
