import { describe, expect, it } from "vitest";
import { artifactCommands, fileCommand } from "../../../formats/release/verification-commands.ts";
import { notes } from "../../../plan/release/notes.ts";
import type { NotesContent } from "../../../plan/release/notes.ts";
import { identity } from "../made-up-project.ts";

const end =
  "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.\nThis release is **not signed** (`signing: off`).";
const app = { name: "app", kind: "image", ociRepository: "ghcr.io/acme/app", tag: "1.2.3", sbom: false };
const cli = { ...app, name: "cli", ociRepository: "ghcr.io/acme/cli", sbom: true };
const unsigned: NotesContent = {
  text: "x",
  artifacts: [],
  assets: [],
  revision: "c0ffee",
  repository: "acme/widgets",
  signing: "off",
  trustedRoot: undefined,
};

describe("notes", () => {
  it("has text, artifacts with places for digests, how to check the files, and what is signed", () => {
    expect(
      notes({ ...unsigned, text: "## Fixed\n\n- it", artifacts: [app, cli], assets: ["install.yaml"] }).split("\n"),
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
    expect(notes({ ...unsigned, assets: ["a"] })).not.toContain("## Artifacts");
  });

  it("leaves out the files where there are none", () => {
    expect(notes({ ...unsigned, artifacts: [app] })).not.toContain("## Files");
  });

  it("has unix line ends, whatever the text has", () => {
    expect(notes({ ...unsigned, text: "a\r\nb\r\n" })).toBe(`a\nb\n\n${end}`);
  });

  it("has no commands for what nobody signed", () => {
    expect(notes({ ...unsigned, artifacts: [app], assets: ["a"] })).not.toMatch(/cosign|gh attestation/);
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
    const part = verifyPart({ ...signed, artifacts: [app, cli], assets: ["a.tgz", "install.yaml"] });
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
