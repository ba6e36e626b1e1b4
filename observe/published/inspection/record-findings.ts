import { createHash } from "node:crypto";
import { mostBytes } from "../../../clients/bounded-body.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import { parseRecord, recordName } from "../../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { Signer } from "../../../formats/signing/signer.ts";
import { sameRepository } from "../../../formats/signing/signing-policy.ts";
import type { SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import { observeDescent } from "../commit.ts";
import { readAssetOf, verifySignatures } from "./file-findings.ts";
import type { AttachedFiles } from "./file-findings.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** The Release that a record must belong to. */
export interface RecordQuestion {
  unit: string;
  version: string;
  /** The git tag of the Release. */
  tag: string;
  signing: SigningPolicy;
  sigstore: SigstoreFiles;
  /** Whether a run at a later commit may have completed the release, and signed its record. Default: no. */
  mayBeEarlier?: boolean;
}

/** The result of checking a record. */
export interface RecordLook {
  findings: Finding[];
  /** Undefined if it must not decide anything: it is missing, unreadable, about another release, or its signature does not verify. */
  record: ReleaseRecord | undefined;
}

/**
 * Checks the record of a Release before anything in it counts: for a signed unit its bundle verifies, every field matches the
 * configuration's patterns, and it is about this unit, version and tag.
 */
export async function inspectRecord(files: AttachedFiles, question: RecordQuestion): Promise<RecordLook> {
  const { unit, version, tag, signing, sigstore } = question;
  const asset = files.assets.find(({ name }) => name === recordName);
  const readable = `${recordName} says what the Release is made of`;
  if (asset !== undefined && asset.size > mostBytes.record) {
    return {
      findings: [makeFinding(readable, false, `it has more than ${mostBytes.record} bytes`)],
      record: undefined,
    };
  }
  const text = await readAssetOf(files, recordName);
  if (text === undefined) {
    return { findings: [makeFinding(readable, undefined)], record: undefined };
  }

  const sha256 = createHash("sha256").update(text).digest("hex");
  const signed =
    signing === "off" ? [] : await verifySignatures(files, { name: recordName, sha256 }, signing, sigstore);
  if (signed.some(({ outcome }) => outcome !== "kept")) {
    const findings = signed.map((one) => ({ ...one, found: `${one.found}: its content was not checked` }));
    return { findings, record: undefined };
  }
  const read = parseRecord(text);
  if (!("record" in read)) {
    return { findings: [...signed, makeFinding(readable, false, read.reason)], record: undefined };
  }
  const { record } = read;
  const signer = signed.find((one) => one.signer !== undefined)?.signer;
  const [ours, found] = [`${unit}@${version} at ${tag}`, `${record.unit}@${record.version} at ${record.gitTag}`];
  return {
    findings: [
      ...signed,
      ...(signer === undefined ? [] : await inspectSigner(signer, record, nameRepository(files), question)),
      makeFinding(`the record is of ${ours}`, found === ours, found),
    ],
    record: found === ours ? record : undefined,
  };
}

/** Reports where the record was signed, according to its certificate: a name can be given up and registered again, GitHub's numbers cannot. */
async function inspectSigner(
  { repository, repositoryId, ownerId, commit }: Signer,
  { revision }: ReleaseRecord,
  released: string,
  { mayBeEarlier = false }: RecordQuestion,
): Promise<Finding[]> {
  const numbers = `number ${repositoryId || "unknown"}, of the owner ${ownerId || "unknown"}`;
  const where = makeFinding(`the record was signed in a run of ${repository}`, true, numbers);
  if (!sameRepository(repository, released)) {
    return [where];
  }
  const isLater = mayBeEarlier && commit !== revision;
  const follows = isLater && (await observeDescent(released, revision, commit)) !== undefined;
  return [
    where,
    makeFinding(
      `the run that signed the record was at the recorded commit${isLater ? ", or after it" : ""}`,
      follows || commit === revision,
      commit,
    ),
  ];
}

function nameRepository({ repository: { owner, repo } }: AttachedFiles): string {
  return `${owner}/${repo}`;
}
