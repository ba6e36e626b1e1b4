import { findDigests } from "../../../formats/artifact/manifest-references.ts";
import { readNotes, readOwner } from "../../../formats/release/release-mark.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { findStrayOptions, verifiesSigner } from "./noted-signer.ts";

/**
 * Checks whether our part of the notes exists, complete and for this version.
 * @param body of the Release
 * @param owner `app@1.2.3`
 */
export function inspectMarks(body: string, owner: string): Finding {
  const promise = `the notes are between the marks of ${owner}`;
  const begun = readOwner(body);
  if (begun === undefined) {
    return makeFinding(promise, undefined);
  }
  if (begun !== owner) {
    return makeFinding(promise, false, "the marks of something else");
  }
  const ended = readNotes(body) !== undefined;
  return makeFinding(promise, ended, ended ? "yes" : "no mark at their end");
}

/**
 * Compares the part of the notes between our marks with the record, because people copy digests and commands from there. The wording is
 * not compared. Without marks, the whole body is checked.
 * @param repository `owner/name` of the Release
 */
export function inspectNotes(body: string, record: ReleaseRecord, repository: string): Finding[] {
  const text = readNotes(body) ?? body;
  const begin = Math.max(0, text.search(ownHeading));
  const [people, own] = [text.slice(0, begin), text.slice(begin)];
  const strays = [
    ...findStrayDigests(own, record),
    ...findStrayAddresses(own, record),
    ...findStrayOptions(own, record, repository),
  ];
  const theirs = [...findStrayDigests(people, record), ...findStrayOptions(people, record, repository)];
  return [
    ...Object.values(record.artifacts).map((artifact) => inspectReference(text, artifact)),
    ...(record.policy.signing === "off" ? [] : [inspectCommands(own)]),
    makeFinding("the notes name no other digest and no other signer", strays.length === 0, describeStrays(strays)),
    ...(theirs.length === 0 ? [] : [makeFinding(changelogPromise, false, describeStrays(theirs), "differs")]),
  ];
}

const changelogPromise = "the changelog in the notes names no other digest and no other signer";

/** The first heading that Lockstep writes. The text before it comes from a changelog, which may name anything. */
const ownHeading = /^## (?:Artifacts|Files|Verify)$/m;

/** Checks `repository:tag@digest`, and the same tag with another digest. */
function inspectReference(text: string, { repository, tag, digest }: ReleaseRecord["artifacts"][string]): Finding {
  const named = findReferences(text).filter((reference) => reference.startsWith(`${repository}:${tag}@`));
  const other = named.find((reference) => !reference.endsWith(`@${digest}`));
  const found = other?.slice(other.indexOf("@") + 1) ?? (named.length > 0 ? digest : undefined);
  return makeFinding(`the notes name ${repository}:${tag} with the recorded digest`, found === digest, found);
}

function inspectCommands(own: string): Finding {
  const there = verifiesSigner(own);
  return makeFinding("the notes have commands that verify the signatures", there, there ? "yes" : undefined);
}

/** Lists digests that are not in the record, and recorded ones with another repository. */
function findStrayDigests(text: string, { artifacts }: ReleaseRecord): string[] {
  const recorded = Object.values(artifacts);
  const known = new Set(
    recorded.flatMap(({ repository, tag, digest }) => [
      digest,
      `${repository}@${digest}`,
      `${repository}:${tag}@${digest}`,
    ]),
  );
  return [...findReferences(text), ...findDigests(text)].filter((one) => !known.has(one));
}

/** Lists addresses of charts and images for helm and gh that lead to another repository. A dependency is named by the one above. */
function findStrayAddresses(text: string, { artifacts }: ReleaseRecord): string[] {
  const repositories = Object.values(artifacts).map(({ repository }) => repository);
  const known = new Set(repositories.flatMap((repository) => [repository, repository.replace(/\/[^/]*$/, "")]));
  const found = [...text.matchAll(/oci:\/\/([^\s@'"`<>]+)/g)].map(([, address = ""]) => address);
  return found.filter((address) => !known.has(address)).map((address) => `oci://${address}`);
}

/** Lists everything with a digest: `repository:tag@digest` or `repository@digest`, without a scheme before it. */
function findReferences(text: string): string[] {
  const found = text.match(/(?<![\w.:/-])[\w.:/-]+@sha256:[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
  return found.map((reference) => reference.replace(/^[a-z]+:\/\//, ""));
}

function describeStrays(strays: readonly string[]): string {
  const different = [...new Set(strays)];
  const more = different.length > 3 ? ` and ${different.length - 3} more` : "";
  return different.length === 0 ? "none" : `${different.slice(0, 3).join(", ")}${more}`;
}
