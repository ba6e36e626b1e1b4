import { readAttachments } from "../../../clients/registry/referrers.ts";
import { getManifest, headManifest } from "../../../clients/registry/registry.ts";
import type { SigstoreFiles } from "../../../formats/signing/sigstore-files.ts";
import { verifyStatement } from "../../../clients/sigstore/verification.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { SigningIdentity, SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import { provenancePredicate, readProvenance, signaturePredicate } from "../../../formats/signing/statement.ts";
import type { Statement } from "../../../formats/signing/statement.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * Compares a record's entry for one artifact with the registry: the version tag, every manifest below it, and for a signed unit the
 * signatures, the provenance and all other attachments in the record.
 * @param signing what the unit requires of its artifacts now: a record cannot require less
 */
export async function inspectArtifact(
  { repository, tag, digest, buildInputs, attestations = [] }: ReleaseRecord["artifacts"][string],
  { revision }: ReleaseRecord,
  signing: SigningPolicy,
  sigstore: SigstoreFiles,
): Promise<Finding[]> {
  const manifest = await getManifest(repository, tag);
  const tagged = makeFinding(
    `${repository}:${tag} names the recorded digest`,
    manifest?.digest === digest,
    manifest?.digest,
  );
  const below = manifest === undefined ? [] : listDigestsBelow(manifest.bytes);
  if (below === undefined) {
    return [tagged, makeFinding(`${repository}:${tag} is a manifest`, false, "something else")];
  }
  const children = await Promise.all(
    below.map(async (child) => {
      const there = (await headManifest(repository, child)) !== undefined;
      return makeFinding(`${repository}@${child.slice(0, 19)}… is there`, there, there ? "yes" : undefined);
    }),
  );
  if (signing === "off") {
    return [tagged, ...children];
  }
  // The digest that is under the tag now must be signed, whatever the record says.
  const digests = [manifest?.digest ?? digest, ...below];
  const wanted = (at: number): IsWanted[] => [
    hasType(signaturePredicate),
    ...(at === 0 ? [isFromBuild(revision, buildInputs), ...attestations.map(hasType)] : []),
  ];
  const statements = await Promise.all(
    digests.map((one, at) => findVerifiedStatements(repository, one, signing, sigstore, wanted(at))),
  );
  const signed = digests.map((one, at) => {
    const found = statements[at]?.some(({ predicateType }) => predicateType === signaturePredicate);
    return makeFinding(
      `${repository}@${one.slice(0, 19)}… is signed by ${signing.workflow}`,
      found,
      found ? "verified" : undefined,
    );
  });
  const attached = statements[0] ?? [];
  const proofs = attached
    .filter(({ predicateType }) => predicateType === provenancePredicate)
    .flatMap(({ predicate }) => readProvenance(predicate) ?? []);
  const proved = proofs.some((proof) => proof.revision === revision && proof.buildInputs === buildInputs);
  const others = attestations
    .filter((type) => type !== provenancePredicate)
    .map((type) => {
      const found = attached.some(({ predicateType }) => predicateType === type);
      return makeFinding(`${repository}:${tag} has the attestation ${type}`, found, found ? "verified" : undefined);
    });
  return [
    tagged,
    ...children,
    ...signed,
    makeFinding(`${repository}:${tag} has provenance of the recorded commit`, proved, proofs[0]?.revision),
    ...others,
  ];
}

/** Lists the digests of the manifests in an index; undefined for bytes that are not a manifest. */
function listDigestsBelow(bytes: Buffer): string[] | undefined {
  try {
    return readManifest(bytes).manifests.map(({ digest }) => digest);
  } catch {
    return undefined;
  }
}

type IsWanted = (statement: Statement) => boolean;

const hasType =
  (type: string): IsWanted =>
  ({ predicateType }) =>
    predicateType === type;

const isFromBuild =
  (revision: string, buildInputs: string): IsWanted =>
  ({ predicateType, predicate }) => {
    const said = predicateType === provenancePredicate ? readProvenance(predicate) : undefined;
    return said?.revision === revision && said.buildInputs === buildInputs;
  };

/** Stops once it has found every wanted statement. */
async function findVerifiedStatements(
  repository: string,
  digest: string,
  signing: SigningIdentity,
  sigstore: SigstoreFiles,
  wanted: readonly IsWanted[],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for await (const attached of readAttachments(repository, digest)) {
    if ("unread" in attached) {
      continue;
    }
    const verdict = await verifyStatement(attached.bundle, digest, signing, sigstore);
    if (verdict.verified) {
      statements.push(verdict.value);
    }
    if (wanted.every((isWanted) => statements.some(isWanted))) {
      break;
    }
  }
  return statements;
}
