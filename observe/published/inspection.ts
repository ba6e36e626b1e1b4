import { createHash } from "node:crypto";
import { gitTag, repositoryOf } from "../../clients/git-refs.ts";
import type { Repository } from "../../clients/git-refs.ts";
import { assetBytesSha256, assetText } from "../../clients/release-assets.ts";
import { assetsOf, releasesOfTag } from "../../clients/releases.ts";
import type { ReleaseAsset } from "../../clients/releases.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import { verifyBlob } from "../../clients/verification.ts";
import { bareSignatureName, bundleName } from "../../formats/file-signature.ts";
import { readRecord, recordName } from "../../formats/release-record.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";
import { artifactFindings } from "./artifact-findings.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Which Release is inspected, and what it must keep. */
export interface InspectionQuestion {
  /** `owner/name`. */
  repository: string;
  unit: string;
  version: string;
  /** The git tag. */
  tag: string;
  /** What the unit asks of its artifacts now: a record cannot ask for less. */
  signing: SigningPolicy;
  sigstore: SigstoreInstance;
}

/**
 * Looks at one published Release as a stranger does, and holds every promise of it against what can be fetched: record, assets by the
 * sha256 of their bytes, version tags, git tag, signatures and provenance. Reads only; believes neither a state nor a label.
 * @throws ReleaseError or ServerRefusal where something could not be looked at: that is no finding
 */
export async function inspect(question: InspectionQuestion): Promise<Finding[]> {
  const { unit, version, tag, signing, sigstore } = question;
  const repository = repositoryOf(question.repository);
  const { published } = await releasesOfTag(repository, tag);
  if (published === undefined) return [finding(`the Release ${tag} is public`, undefined)];
  const there = await assetsOf(repository, published.id);
  const asset = there.find(({ name }) => name === recordName);
  const text = asset && (await assetText(repository, asset));
  const record = text === undefined ? undefined : readRecord(text);
  if (text === undefined || record === undefined)
    return [finding(`${recordName} says what the Release is made of`, undefined)];

  const named = `${record.unit}@${record.version}`;
  const groups = await Promise.all([
    Promise.resolve([finding(`the record is of ${unit}@${version}`, named === `${unit}@${version}`, named)]),
    policyFinding(record, signing),
    gitTagFinding(repository, tag, record),
    assetFindings(repository, record, there),
    ...Object.values(record.artifacts).map((artifact) => artifactFindings(artifact, record, signing, sigstore)),
    signing === "off"
      ? []
      : blobFindings(repository, { ...record.assets, [recordName]: sha256Of(text) }, there, signing, sigstore),
  ]);
  return groups.flat();
}

async function policyFinding(record: ReleaseRecord, signing: SigningPolicy): Promise<Finding[]> {
  const said = JSON.stringify(record.policy.signing);
  return [
    finding(
      "the record asks for the signatures that the configuration asks for",
      said === JSON.stringify(signing),
      said,
    ),
  ];
}

async function gitTagFinding(repository: Repository, tag: string, { revision }: ReleaseRecord): Promise<Finding[]> {
  const commit = (await gitTag(repository, tag))?.commit;
  return [finding(`the git tag ${tag} is at the recorded commit`, commit === revision, commit)];
}

async function assetFindings(
  repository: Repository,
  record: ReleaseRecord,
  there: readonly ReleaseAsset[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, sha256] of Object.entries(record.assets)) {
    const asset = there.find((other) => other.name === name);
    const found = asset && (await assetBytesSha256(repository, asset));
    findings.push(finding(`${name} has the recorded sha256`, found === sha256, found));
  }
  return findings;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Every file is held against the sha256 in the record, which is itself a signed file, and whose bytes are compared elsewhere. */
async function blobFindings(
  repository: Repository,
  files: Readonly<Record<string, string>>,
  there: readonly ReleaseAsset[],
  signing: SigningIdentity,
  sigstore: SigstoreInstance,
): Promise<Finding[]> {
  const textUnder = async (name: string): Promise<string | undefined> => {
    const asset = there.find((other) => other.name === name);
    return asset && assetText(repository, asset);
  };
  const findings = await Promise.all(
    Object.entries(files).map(async ([name, sha256]) => {
      const bare = bareSignatureName(name);
      const [stored, sig] = await Promise.all([textUnder(bundleName(name)), bare && textUnder(bare)]);
      const verdict = stored === undefined ? undefined : await verifyBlob(stored, sha256, signing, sigstore);
      const found = verdict && (verdict.verified ? "verified" : verdict.reason);
      const signed = finding(`${name} is signed by ${signing.workflow}`, verdict?.verified, found);
      if (bare === undefined) return [signed];
      const agrees = verdict?.verified && sig?.trim() === verdict.value;
      return [signed, finding(`${bare} is the signature in its bundle`, agrees, sig && (agrees ? "yes" : "another"))];
    }),
  );
  return findings.flat();
}
