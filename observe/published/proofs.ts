import { isDeepStrictEqual } from "node:util";
import { readAttachments } from "../../clients/registry/referrers.ts";
import type { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyStatement } from "../../clients/sigstore/verification.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import { isBuiltFrom, provenancePredicate, readProvenance } from "../../formats/signing/statement.ts";
import type { Provenance } from "../../formats/signing/statement.ts";

/** What provenance says about a build from the released repository. */
export type BuildProof = Pick<Provenance, "revision" | "buildInputs">;

/** The same of provenance whose bundle verifies, with the configuration of that build. */
export type VerifiedBuild = BuildProof & Pick<Provenance, "parameters">;

/** The attachments of a digest, checked against the unit's identity. */
export interface Proofs {
  /** The claims of provenance whose bundle verifies. */
  verified: VerifiedBuild[];
  /** Why the other attachments do not count: in the verifier's words, or why they could not be read. */
  refused: string[];
}

/** Who must have signed, and the provenance to search for. */
export interface ProofsQuestion {
  /** `owner/name` of the repository that it must be built from. */
  repository: string;
  identity: SigningIdentity;
  sigstore: SigstoreFiles;
  /** The search stops at provenance that says this. Default: everything is checked. */
  wanted: BuildProof | undefined;
}

/**
 * Searches the attachments of a digest for provenance that proves what it was built from.
 * @param image with its registry, without a tag
 * @throws ServerRefusal if the list cannot be fetched, or an answer may be different later
 */
export async function findProofs(
  image: string,
  digest: string,
  { repository, identity, sigstore, wanted }: ProofsQuestion,
): Promise<Proofs> {
  const proofs: Proofs = { verified: [], refused: [] };
  for await (const attached of readAttachments(image, digest, { shared: true })) {
    if ("unread" in attached) {
      proofs.refused.push(attached.unread);
      continue;
    }
    const verdict = await verifyStatement(attached.bundle, digest, identity, sigstore);
    if (!verdict.verified) {
      proofs.refused.push(verdict.reason);
    }
    if (!verdict.verified || verdict.value.predicateType !== provenancePredicate) {
      continue;
    }
    const said = readProvenance(verdict.value.predicate);
    if (said === undefined) {
      continue;
    }
    const { revision, buildInputs, parameters } = said;
    if (!isBuiltFrom(said, repository)) {
      proofs.refused.push(`its provenance is about a build from ${said.source}`);
    } else {
      proofs.verified.push({ revision, buildInputs, parameters });
      if (isDeepStrictEqual({ revision, buildInputs }, wanted)) {
        break;
      }
    }
  }
  return proofs;
}
