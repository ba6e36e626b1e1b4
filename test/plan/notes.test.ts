import { describe, expect, it } from "vitest";
import { notes } from "../../plan/notes.ts";
import { identity } from "./made-up-project.ts";

const end =
  "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.\nThis release is **not signed** (`signing: off`).";
const app = { name: "app", kind: "image", repository: "ghcr.io/acme/app", tag: "1.2.3" };

describe("when notes are made", () => {
  it("has text, artifacts with places for digests, how to check the files, and what is signed", () => {
    const artifacts = [app, { ...app, name: "cli", repository: "ghcr.io/acme/cli" }];
    expect(
      notes({ text: "## Fixed\n\n- it", artifacts, assets: ["install.yaml"], revision: "c0ffee", signing: "off" }),
    ).toBe(
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
    expect(notes({ text, artifacts: [], assets: [], revision: "c0ffee", signing: "off" })).toBe(end);
  });

  it("leaves out the table where there is no artifact", () => {
    expect(notes({ text: "x", artifacts: [], assets: ["a"], revision: "c0ffee", signing: "off" })).not.toContain(
      "## Artifacts",
    );
  });

  it("leaves out the files where there are none", () => {
    expect(notes({ text: "x", artifacts: [app], assets: [], revision: "c0ffee", signing: "off" })).not.toContain(
      "## Files",
    );
  });

  it("has unix line ends, whatever the text has", () => {
    expect(notes({ text: "a\r\nb\r\n", artifacts: [], assets: [], revision: "c0ffee", signing: "off" })).toBe(
      `a\nb\n\n${end}`,
    );
  });
});

describe("when a release is signed", () => {
  const signed = { text: "x", assets: [], revision: "c0ffee", signing: identity };
  const who =
    "--certificate-identity-regexp '^https://github\\.com/acme/widgets/\\.github/workflows/release\\.yml@refs/tags/[^@]*$' --certificate-oidc-issuer https://token.actions.githubusercontent.com";

  it("has commands for signature and provenance of each artifact, by digest", () => {
    const artifacts = [app, { ...app, name: "cli", repository: "ghcr.io/acme/cli" }];
    const [, after = ""] = notes({ ...signed, artifacts }).split("## Verify\n");
    expect(after).toBe(
      [
        "",
        "Every image is signed, and its provenance attested, by the workflow that built it:",
        "",
        "```sh",
        `cosign verify-attestation ${who} --type https://sigstore.dev/cosign/sign/v1 ghcr.io/acme/app@{{digest:app}}`,
        `cosign verify-attestation ${who} --type slsaprovenance1 ghcr.io/acme/app@{{digest:app}}`,
        `cosign verify-attestation ${who} --type https://sigstore.dev/cosign/sign/v1 ghcr.io/acme/cli@{{digest:cli}}`,
        `cosign verify-attestation ${who} --type slsaprovenance1 ghcr.io/acme/cli@{{digest:cli}}`,
        "```",
        "",
        "Built from commit `c0ffee`; `lockstep.release.json` lists every digest.",
      ].join("\n"),
    );
  });

  it("does not say that it is not signed", () => {
    expect(notes({ ...signed, artifacts: [app] })).not.toContain("not signed");
  });

  it("has no commands where there is no artifact", () => {
    expect(notes({ ...signed, artifacts: [], assets: ["a"] })).not.toContain("cosign");
  });

  it("has no commands where nothing is signed", () => {
    expect(notes({ ...signed, artifacts: [app], signing: "off" })).not.toContain("cosign");
  });
});
