import { matchesRef } from "./ref-pattern.ts";
import { sameRepository, sourceRepository, triggersOf } from "./signing-policy.ts";
import type { SigningIdentity } from "./signing-policy.ts";

/**
 * Who signs, according to a run's OIDC token; or who signed, according to the certificate issued for such a token. A claim that is not
 * there is an empty text.
 * Source: Fulcio's `docs/oid-info.md`; docs.github.com, "OpenID Connect reference".
 */
export interface Signer {
  /** Claim `iss`; extension .8. */
  issuer: string;
  /** Claim `job_workflow_ref`, `owner/name/.github/workflows/FILE.yml@ref`: the workflow file of the job; the subject's name. */
  workflow: string;
  /** Claim `repository`, `owner/name`: the run's repository; extension .12. */
  repository: string;
  /** Claim `sha`: the run's commit; extension .13. */
  commit: string;
  /** Claim `event_name`: what began the run; extension .20. */
  trigger: string;
  /** Claim `repository_id`; extension .15. */
  repositoryId: string;
  /** Claim `repository_owner_id`; extension .17. */
  ownerId: string;
}

/**
 * Explains why a signer is not the expected one.
 * @returns undefined if it is
 */
export function signerMistake(identity: SigningIdentity, signer: Signer): string | undefined {
  const { issuer, workflow, refs, repositoryId, ownerId } = identity;
  const source = sourceRepository(identity);
  const triggers = triggersOf(identity);
  const says = (text: string): string => text || "nothing";
  if (signer.issuer !== issuer) {
    return `the token was issued by ${says(signer.issuer)}, not by ${issuer}`;
  }
  const at = signer.workflow.indexOf("@");
  if (signer.workflow.slice(0, at) !== workflow || !matchesRef(refs, signer.workflow.slice(at + 1))) {
    return `the signer is ${says(signer.workflow)}, not ${workflow}@${refs}`;
  }
  if (!sameRepository(signer.repository, source)) {
    return `the run belongs to ${says(signer.repository)}, not to ${source}`;
  }
  if (!triggers.includes(signer.trigger)) {
    return `the run was started by \`${says(signer.trigger)}\`, not by ${triggers.map((event) => `\`${event}\``).join(" or ")}`;
  }
  if (repositoryId !== undefined && signer.repositoryId !== repositoryId) {
    return `the repository ${source} has the number ${says(signer.repositoryId)}, not ${repositoryId}: it is a different repository of that name`;
  }
  if (ownerId !== undefined && signer.ownerId !== ownerId) {
    return `the owner of ${source} has the number ${says(signer.ownerId)}, not ${ownerId}: it is a different account of that name`;
  }
  return undefined;
}
