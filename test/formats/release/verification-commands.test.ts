import { describe, expect, it } from "vitest";
import { artifactCommands, checksumCommand, fileCommand } from "../../../formats/release/verification-commands.ts";
import type { CommandTrust } from "../../../formats/release/verification-commands.ts";
import { digest, identity } from "../../plan/made-up-project.ts";

const trust: CommandTrust = { identity, trustedRoot: undefined };
const own: CommandTrust = { ...trust, trustedRoot: "trusted_root.json" };
const reference = `ghcr.io/acme/app@${digest("a")}`;
const pattern = String.raw`'^https://github\.com/acme/widgets/\.github/workflows/release\.yml@refs/tags/[^@]*$'`;
const issuer = "https://token.actions.githubusercontent.com";
const who = `--certificate-identity-regexp ${pattern} --certificate-oidc-issuer ${issuer} --certificate-github-workflow-repository acme/widgets`;

describe("artifactCommands", () => {
  it("asks for the signature's own type beside `cosign verify`, for provenance, and gh for the bundle in the registry", () => {
    expect(artifactCommands({ reference, sbom: false }, trust)).toEqual([
      `cosign verify ${who} ${reference}`,
      `cosign verify-attestation --type https://sigstore.dev/cosign/sign/v1 ${who} ${reference}`,
      `cosign verify-attestation --type slsaprovenance1 ${who} ${reference}`,
      `gh attestation verify oci://${reference} --bundle-from-oci --repo acme/widgets --signer-workflow ${identity.workflow} --cert-oidc-issuer ${issuer}`,
    ]);
  });

  it("asks for the SBOM where there is one", () => {
    const commands = artifactCommands({ reference, sbom: true }, trust);
    expect(commands).toContain(`cosign verify-attestation --type spdxjson ${who} ${reference}`);
    expect(commands.length).toBe(5);
  });

  it("names the repository whose runs sign, if the workflow is another's", () => {
    const other = { ...trust, identity: { ...identity, repository: "acme/gadgets" } };
    const commands = artifactCommands({ reference, sbom: false }, other);
    expect(commands[0]).toContain("--certificate-github-workflow-repository acme/gadgets ");
    expect(commands.at(-1)).toContain("--repo acme/gadgets --signer-workflow acme/widgets/");
  });

  it("gives cosign the trusted root as it is, and gh on one line", () => {
    const commands = artifactCommands({ reference, sbom: false }, own);
    expect(commands[0]).toBe(`cosign verify --trusted-root trusted_root.json ${who} ${reference}`);
    expect(commands.at(-1)).toBe(
      `paste -s -d ' ' trusted_root.json | gh attestation verify oci://${reference} --bundle-from-oci --repo acme/widgets --custom-trusted-root /dev/stdin --signer-workflow ${identity.workflow} --cert-oidc-issuer ${issuer}`,
    );
  });
});

describe("fileCommand", () => {
  it("names the bundle beside it", () => {
    expect(fileCommand("install.yaml", trust)).toBe(
      `cosign verify-blob --bundle install.yaml.sigstore.json ${who} install.yaml`,
    );
  });

  it("names a file whose name begins with `-` so that no command takes it for an option", () => {
    expect(fileCommand("-rf", trust)).toBe(`cosign verify-blob --bundle ./-rf.sigstore.json ${who} ./-rf`);
  });

  it("checks what is downloaded, not what is not", () => {
    expect(checksumCommand).toBe("sha256sum --check --ignore-missing checksums.txt");
  });
});

describe("the verification commands, when a word has what a shell reads as more", () => {
  it.each([
    ["a b", "'a b'"],
    ["$HOME/x", "'$HOME/x'"],
    ["it's", String.raw`'it'\''s'`],
    ["a;b", "'a;b'"],
    ["~/x", "'~/x'"],
    ["../a_b-c.json", "../a_b-c.json"],
  ])("writes the path %j as %s", (trustedRoot, word) => {
    expect(fileCommand("x", { ...own, trustedRoot })).toContain(` --trusted-root ${word} --certificate`);
    expect(artifactCommands({ reference, sbom: false }, { ...own, trustedRoot }).at(-1)).toContain(
      `paste -s -d ' ' ${word} | gh `,
    );
  });
});
