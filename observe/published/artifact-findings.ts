import { z } from "zod";
import { bundlesOf } from "../../clients/referrers.ts";
import { getManifest, headManifest } from "../../clients/registry.ts";
import type { SigstoreInstance } from "../../clients/sigstore-instance.ts";
import { verifyStatement } from "../../clients/verification.ts";
import { boundedJson } from "../../formats/bounded-json.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import type { SigningIdentity, SigningPolicy } from "../../formats/signing-policy.ts";
import { provenancePredicate, readProvenance, signaturePredicate } from "../../formats/statement.ts";
import type { Statement } from "../../formats/statement.ts";
import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * Holds what a record says of one artifact against the registry: the version tag, every manifest below it, and for a signed unit the
 * signatures, the provenance and whatever else the record says is attached.
 * @param signing what the unit asks of its artifacts now: a record cannot ask for less
 */
export async function artifactFindings(
  { repository, tag, digest, buildInputs, attestations = [] }: ReleaseRecord["artifacts"][string],
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
  const below = manifest === undefined ? [] : digestsBelow(manifest.bytes);
  if (below === undefined) return [tagged, finding(`${repository}:${tag} is a manifest`, false, "something else")];
  const children = await Promise.all(
    below.map(async (child) => {
      const there = (await headManifest(repository, child)) !== undefined;
      return finding(`${repository}@${child.slice(0, 19)}… is there`, there, there ? "yes" : undefined);
    }),
  );
  if (signing === "off") return [tagged, ...children];
  // What stands under the tag now must be signed, whatever the record says.
  const digests = [manifest?.digest ?? digest, ...below];
  const statements = await Promise.all(digests.map((one) => verifiedStatements(repository, one, signing, sigstore)));
  const signed = digests.map((one, at) => {
    const found = statements[at]?.some(({ predicateType }) => predicateType === signaturePredicate);
    return finding(
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
      return finding(`${repository}:${tag} has the attestation ${type}`, found, found ? "verified" : undefined);
    });
  return [
    tagged,
    ...children,
    ...signed,
    finding(`${repository}:${tag} has provenance of the recorded commit`, proved, proofs[0]?.revision),
    ...others,
  ];
}

const Index = z.object({
  manifests: z.array(z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })).default([]),
});

/** Digests of the manifests in an index; undefined for bytes that are no manifest. */
function digestsBelow(bytes: Buffer): string[] | undefined {
  try {
    return Index.parse(boundedJson(bytes)).manifests.map(({ digest }) => digest);
  } catch {
    return undefined;
  }
}

async function verifiedStatements(
  repository: string,
  digest: string,
  signing: SigningIdentity,
  sigstore: SigstoreInstance,
): Promise<Statement[]> {
  const bundles = await bundlesOf(repository, digest);
  const verdicts = await Promise.all(bundles.map((bundle) => verifyStatement(bundle, digest, signing, sigstore)));
  return verdicts.flatMap((verdict) => (verdict.verified ? [verdict.value] : []));
}
