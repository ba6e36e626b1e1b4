import { gitTag, repositoryOf } from "../../clients/git-refs.ts";
import type { Repository } from "../../clients/git-refs.ts";
import { bundlesOf } from "../../clients/referrers.ts";
import { getManifest, headManifest } from "../../clients/registry.ts";
import { assetBytesSha256, assetText } from "../../clients/release-assets.ts";
import { assetsOf, releasesOfTag } from "../../clients/releases.ts";
import type { ReleaseAsset } from "../../clients/releases.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import type { StoredBundle } from "../../clients/signing.ts";
import { verifyBlob, verifyStatement } from "../../clients/verification.ts";
import { checksumsName } from "../../formats/checksums.ts";
import { readRecord, recordName } from "../../formats/release-record.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";
import { provenancePredicate, readProvenance, signaturePredicate } from "../../formats/statement.ts";

/** One promise of a published Release, held against the world. */
export interface Finding {
  /** What is promised: "ghcr.io/acme/app:1.2.3 names the recorded digest". */
  promise: string;
  kept: boolean;
  /** What was found instead; the digest or commit where it is kept. */
  found: string;
}

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
  const text = asset && (await assetText(repository, asset.id));
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
    signing === "off" ? [] : blobFindings(repository, there, signing, sigstore),
  ]);
  return groups.flat();
}

function finding(promise: string, kept: boolean | undefined, found = "nothing"): Finding {
  return { promise, kept: kept === true, found };
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
    const found = asset && (await assetBytesSha256(repository, asset.id));
    findings.push(finding(`${name} has the recorded sha256`, found === sha256, found));
  }
  return findings;
}

async function artifactFindings(
  { repository, tag, digest, buildInputs }: ReleaseRecord["artifacts"][string],
  { revision }: ReleaseRecord,
  signing: SigningPolicy,
  sigstore: SigstoreInstance,
): Promise<Finding[]> {
  const manifest = await getManifest(repository, tag);
  const tagged = finding(
    `${repository}:${tag} names the recorded digest`,
    manifest?.digest === digest,
    manifest?.digest,
  );
  const { manifests = [] } = JSON.parse(manifest?.bytes.toString("utf8") ?? "{}") as {
    manifests?: { digest: string }[];
  };
  const children = await Promise.all(
    manifests.map(async (child) => {
      const there = (await headManifest(repository, child.digest)) !== undefined;
      return finding(`${repository}@${child.digest.slice(0, 19)}… is there`, there, there ? "yes" : undefined);
    }),
  );
  if (signing === "off") return [tagged, ...children];
  // What stands under the tag now must be signed, whatever the record says.
  const now = manifest?.digest ?? digest;
  const signed = await Promise.all(
    [now, ...manifests.map((child) => child.digest)].map(async (one) => {
      const types = await verifiedStatements(repository, one, signing, sigstore);
      const found = types.some(({ predicateType }) => predicateType === signaturePredicate);
      return finding(
        `${repository}@${one.slice(0, 19)}… is signed by ${signing.workflow}`,
        found,
        found ? "verified" : undefined,
      );
    }),
  );
  const proofs = (await verifiedStatements(repository, now, signing, sigstore))
    .filter(({ predicateType }) => predicateType === provenancePredicate)
    .flatMap(({ predicate }) => readProvenance(predicate) ?? []);
  const proved = proofs.some((proof) => proof.revision === revision && proof.buildInputs === buildInputs);
  return [
    tagged,
    ...children,
    ...signed,
    finding(`${repository}:${tag} has provenance of the recorded commit`, proved, proofs[0]?.revision),
  ];
}

async function verifiedStatements(
  repository: string,
  digest: string,
  signing: SigningIdentity,
  sigstore: SigstoreInstance,
) {
  const bundles = await bundlesOf(repository, digest);
  const verdicts = await Promise.all(bundles.map((bundle) => verifyStatement(bundle, digest, signing, sigstore)));
  return verdicts.flatMap((verdict) => (verdict.verified ? [verdict.value] : []));
}

async function blobFindings(
  repository: Repository,
  there: readonly ReleaseAsset[],
  signing: SigningIdentity,
  sigstore: SigstoreInstance,
): Promise<Finding[]> {
  const files = there.filter(({ name }) => name === recordName || name === checksumsName);
  return Promise.all(
    files.map(async ({ name, id }) => {
      const bundle = there.find((other) => other.name === `${name}.sigstore.json`);
      const [data, stored] = await Promise.all([assetText(repository, id), bundle && assetText(repository, bundle.id)]);
      const verdict = stored && (await verifyBlob(bundleIn(stored), Buffer.from(data), signing, sigstore));
      const found = verdict ? (verdict.verified ? "verified" : verdict.reason) : undefined;
      return finding(`${name} is signed by ${signing.workflow}`, found === "verified", found);
    }),
  );
}

/** A bundle that is no JSON is one that does not verify. */
function bundleIn(text: string): StoredBundle {
  try {
    return JSON.parse(text) as StoredBundle;
  } catch {
    return {} as StoredBundle;
  }
}
