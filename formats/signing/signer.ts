import { matchesRef } from "./ref-pattern.ts";
import { sameRepository, sourceRepository, triggersOf } from "./signing-policy.ts";
import type { SigningIdentity } from "./signing-policy.ts";

/**
 * Who signs, as a run's OIDC token says it, or who signed, as the certificate says that was given for such a token. Empty texts for what is
 * not said.
 * Source: Fulcio's `docs/oid-info.md`; docs.github.com, "OpenID Connect reference".
 */
export interface Signer {
  /** Claim `iss`; extension .8. */
  issuer: string;
  /** Claim `job_workflow_ref`, `owner/name/.github/workflows/FILE.yml@ref`: the workflow that the job is written in; the subject's name. */
  workflow: string;
  /** Claim `repository`, `owner/name`: where the run is; extension .12. */
  repository: string;
  /** Claim `sha`: the commit that the run is at; extension .13. */
  commit: string;
  /** Claim `event_name`: what began the run; extension .20. */
  trigger: string;
  /** Claim `repository_id`; extension .15. */
  repositoryId: string;
  /** Claim `repository_owner_id`; extension .17. */
  ownerId: string;
}

/**
 * Why signatures by a signer are not those that are expected.
 * @returns undefined if they are
 */
export function signerMistake(identity: SigningIdentity, signer: Signer): string | undefined {
  const { issuer, workflow, refs, repositoryId, ownerId } = identity;
  const source = sourceRepository(identity);
  const triggers = triggersOf(identity);
  const says = (text: string): string => text || "nothing";
  if (signer.issuer !== issuer) {
    return `the token is one of ${says(signer.issuer)}, not of ${issuer}`;
  }
  const at = signer.workflow.indexOf("@");
  if (signer.workflow.slice(0, at) !== workflow || !matchesRef(refs, signer.workflow.slice(at + 1))) {
    return `the signer is ${says(signer.workflow)}, not ${workflow}@${refs}`;
  }
  if (!sameRepository(signer.repository, source)) {
    return `the run was one of ${says(signer.repository)}, not of ${source}`;
  }
  if (!triggers.includes(signer.trigger)) {
    return `the run began by \`${says(signer.trigger)}\`, not by ${triggers.map((event) => `\`${event}\``).join(" or ")}`;
  }
  if (repositoryId !== undefined && signer.repositoryId !== repositoryId) {
    return `the repository ${source} has the number ${says(signer.repositoryId)}, not ${repositoryId}: it is another one of that name`;
  }
  if (ownerId !== undefined && signer.ownerId !== ownerId) {
    return `the owner of ${source} has the number ${says(signer.ownerId)}, not ${ownerId}: it is another account of that name`;
  }
  return undefined;
}
