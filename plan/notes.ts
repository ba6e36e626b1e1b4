import { checksumsName } from "../formats/checksums.ts";
import { digestPlace } from "../formats/places.ts";
import { recordName } from "../formats/release-record.ts";
import { identityPattern } from "../formats/signing-policy.ts";
import type { SigningIdentity, SigningPolicy } from "../formats/signing-policy.ts";
import { signaturePredicate } from "../formats/statement.ts";

/** What the notes are made of. */
export interface NotesContent {
  /** From the changelog or the notes file, with any line ends. */
  text: string | undefined;
  artifacts: readonly { name: string; kind: string; repository: string; tag: string }[];
  /** Names of the attached files, without those that Lockstep makes. */
  assets: readonly string[];
  /** Full commit id. */
  revision: string;
  signing: SigningPolicy;
}

/**
 * The notes of a Release in Markdown, with a place for each digest.
 * What a reader needs after the text: where each artifact is, how to check the files, and how to verify the signatures, or that there are
 * none.
 */
export function notes({ text, artifacts, assets, revision, signing }: NotesContent): string {
  const parts = [
    text?.replaceAll("\r\n", "\n").trim() || undefined,
    artifacts.length > 0
      ? [
          "## Artifacts",
          "",
          "| name | kind | reference |",
          "| --- | --- | --- |",
          ...artifacts.map(
            ({ name, kind, repository, tag }) =>
              `| ${name} | ${kind} | \`${repository}:${tag}@${digestPlace(name)}\` |`,
          ),
        ].join("\n")
      : undefined,
    assets.length > 0
      ? [
          "## Files",
          "",
          "Download the files and check them:",
          "",
          "```sh",
          `sha256sum --check --ignore-missing ${checksumsName}`,
          "```",
        ].join("\n")
      : undefined,
    signing === "off" || artifacts.length === 0 ? undefined : verification(artifacts, signing),
    [
      `Built from commit \`${revision}\`; \`${recordName}\` lists every digest.`,
      ...(signing === "off" ? ["This release is **not signed** (`signing: off`)."] : []),
    ].join("\n"),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/**
 * Commands to paste, with cosign 3. `cosign verify` alone does not look at the predicate type and would take any attestation for a
 * signature; asking for the signature's own type does.
 */
function verification(artifacts: NotesContent["artifacts"], signing: SigningIdentity): string {
  const identity = `--certificate-identity-regexp '${identityPattern(signing)}' --certificate-oidc-issuer ${signing.issuer}`;
  return [
    "## Verify",
    "",
    "Every image is signed, and its provenance attested, by the workflow that built it:",
    "",
    "```sh",
    ...artifacts.flatMap(({ name, repository }) =>
      [signaturePredicate, "slsaprovenance1"].map(
        (type) => `cosign verify-attestation ${identity} --type ${type} ${repository}@${digestPlace(name)}`,
      ),
    ),
    "```",
  ].join("\n");
}
