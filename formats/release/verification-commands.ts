import { checksumsName } from "./checksums.ts";
import { bundleName } from "./file-signature.ts";
import { identityPattern, sourceRepository } from "../signing/signing-policy.ts";
import type { SigningIdentity } from "../signing/signing-policy.ts";
import { signaturePredicate } from "../signing/statement.ts";

/** Whom the commands believe. */
export interface CommandTrust {
  /** Who must have signed. */
  identity: SigningIdentity;
  /** Path of the trusted root of a Sigstore of one's own, as the reader has it. Default: the public Sigstore's, which the tools fetch. */
  trustedRoot: string | undefined;
}

/** An artifact that is looked at. */
export interface CheckedArtifact {
  /** With its digest: `ghcr.io/acme/app@sha256:…`. */
  reference: string;
  /** Whether an SBOM is attested. */
  sbom: boolean;
}

/**
 * Commands that check one artifact, each complete in itself, for cosign 3 and gh. `cosign verify` does not look at the predicate type and
 * takes any attestation by the identity for a signature; the second command asks for the signature's own type. `gh` reads the bundle in
 * the registry, because that of GitHub's API may not have been posted.
 */
export function artifactCommands({ reference, sbom }: CheckedArtifact, trust: CommandTrust): string[] {
  const who = cosignTrust(trust);
  const types = [signaturePredicate, "slsaprovenance1", ...(sbom ? ["spdxjson"] : [])];
  return [
    `cosign verify ${who} ${reference}`,
    ...types.map((type) => `cosign verify-attestation --type ${type} ${who} ${reference}`),
    ghCommand(reference, trust),
  ];
}

/**
 * The command that checks a signed file against the bundle beside it, both in the folder where it runs.
 * @param name of the file, as GitHub keeps it
 */
export function fileCommand(name: string, trust: CommandTrust): string {
  return `cosign verify-blob --bundle ${fileWord(bundleName(name))} ${cosignTrust(trust)} ${fileWord(name)}`;
}

/** The command that checks every downloaded file against checksums.txt, in the folder where they are. */
export const checksumCommand = `sha256sum --check --ignore-missing ${checksumsName}`;

function cosignTrust({ identity, trustedRoot }: CommandTrust): string {
  return [
    ...(trustedRoot === undefined ? [] : [`--trusted-root ${word(trustedRoot)}`]),
    `--certificate-identity-regexp ${word(identityPattern(identity))}`,
    `--certificate-oidc-issuer ${word(identity.issuer)}`,
    `--certificate-github-workflow-repository ${word(sourceRepository(identity))}`,
  ].join(" ");
}

/** gh takes a trusted root only on one line that ends, and from a pipe too: nothing has to be written beside it. */
function ghCommand(reference: string, { identity, trustedRoot }: CommandTrust): string {
  return [
    ...(trustedRoot === undefined ? [] : [`paste -s -d ' ' ${word(trustedRoot)} |`]),
    `gh attestation verify oci://${reference} --bundle-from-oci --repo ${word(sourceRepository(identity))}`,
    ...(trustedRoot === undefined ? [] : ["--custom-trusted-root /dev/stdin"]),
    `--signer-workflow ${word(identity.workflow)}`,
    `--cert-oidc-issuer ${word(identity.issuer)}`,
  ].join(" ");
}

/** A file in the current folder as one word, which no command takes for an option. */
function fileWord(name: string): string {
  return word(name.startsWith("-") ? `./${name}` : name);
}

/** One word of a POSIX shell, whatever is in it. */
function word(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
