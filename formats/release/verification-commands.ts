import { checksumsName } from "./checksums.ts";
import { bundleName } from "./file-signature.ts";
import { writeIdentityPattern, sourceRepository } from "../signing/signing-policy.ts";
import type { SigningIdentity } from "../signing/signing-policy.ts";
import { signaturePredicate } from "../signing/statement.ts";

/** Whom the commands trust. */
export interface CommandTrust {
  /** Who must have signed. */
  identity: SigningIdentity;
  /** Path of a private Sigstore's trusted root on the reader's machine. Default: the public Sigstore's, which the tools fetch. */
  trustedRoot: string | undefined;
}

/** An artifact to check. */
export interface CheckedArtifact {
  /** With its digest: `ghcr.io/acme/app@sha256:…`. */
  reference: string;
  /** Whether an SBOM is attested. */
  sbom: boolean;
}

/**
 * Writes the commands that check one artifact, each complete in itself, for cosign 3 and gh. `cosign verify` does not check the
 * predicate type and accepts any attestation by the identity as a signature; the second command asks for the signature's own type. `gh`
 * reads the bundle in the registry, because it may not have been posted to GitHub's API.
 */
export function artifactCommands({ reference, sbom }: CheckedArtifact, trust: CommandTrust): string[] {
  const who = writeCosignOptions(trust);
  const types = [signaturePredicate, "slsaprovenance1", ...(sbom ? ["spdxjson"] : [])];
  return [
    `cosign verify ${who} ${reference}`,
    ...types.map((type) => `cosign verify-attestation --type ${type} ${who} ${reference}`),
    writeGhCommand(reference, trust),
  ];
}

/**
 * Writes the command that shows what an artifact is, without running anything of it.
 * @param kind of the artifact
 * @param reference with its digest, so that it shows what was released, whatever a tag names now
 */
export function inspectCommand(kind: string, reference: string): string {
  return kind === "chart" ? `helm show chart oci://${reference}` : `docker buildx imagetools inspect ${reference}`;
}

/**
 * Writes the command that checks a signed file against its bundle, both in the current folder.
 * @param name of the file, as GitHub keeps it
 */
export function fileCommand(name: string, trust: CommandTrust): string {
  return `cosign verify-blob --bundle ${quoteFile(bundleName(name))} ${writeCosignOptions(trust)} ${quoteFile(name)}`;
}

/** The command that checks every downloaded file against checksums.txt, in their folder. */
export const checksumCommand = `sha256sum --check --ignore-missing ${checksumsName}`;

function writeCosignOptions({ identity, trustedRoot }: CommandTrust): string {
  return [
    ...(trustedRoot === undefined ? [] : [`--trusted-root ${quoteWord(trustedRoot)}`]),
    `--certificate-identity-regexp ${quoteWord(writeIdentityPattern(identity))}`,
    `--certificate-oidc-issuer ${quoteWord(identity.issuer)}`,
    `--certificate-github-workflow-repository ${quoteWord(sourceRepository(identity))}`,
  ].join(" ");
}

/** gh accepts a trusted root only as one line with a line end, and also from a pipe: no other file has to be written. */
function writeGhCommand(reference: string, { identity, trustedRoot }: CommandTrust): string {
  return [
    ...(trustedRoot === undefined ? [] : [`paste -s -d ' ' ${quoteWord(trustedRoot)} |`]),
    `gh attestation verify oci://${reference} --bundle-from-oci --repo ${quoteWord(sourceRepository(identity))}`,
    ...(trustedRoot === undefined ? [] : ["--custom-trusted-root /dev/stdin"]),
    `--signer-workflow ${quoteWord(identity.workflow)}`,
    `--cert-oidc-issuer ${quoteWord(identity.issuer)}`,
  ].join(" ");
}

/** Quotes the name of a file in the current folder as one word that no command mistakes for an option. */
function quoteFile(name: string): string {
  return quoteWord(name.startsWith("-") ? `./${name}` : name);
}

/** Quotes any text as one word of a POSIX shell. */
function quoteWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
