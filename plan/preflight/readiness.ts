import type { Mistake } from "../../errors/configuration-error.ts";
import { configurationError } from "../../errors/configuration-error.ts";
import { signerMistake } from "../../formats/signing/signer.ts";
import type { Signer } from "../../formats/signing/signer.ts";
import { sameRepository } from "../../formats/signing/signing-policy.ts";
import type { ReleasePlan } from "../release/release.ts";

/** What a run has for what is not published yet. */
export interface RunMeans {
  /** True in `pulumi preview`, and in the preview that `pulumi up` makes first. */
  preview: boolean;
  /** Whether GitHub has the commit. */
  commitThere: boolean;
  /** True where the run can get a token to sign with. */
  canSign: boolean;
  /** Who the run would sign as; undefined where that cannot be known. */
  signer: Signer | undefined;
}

/**
 * What is missing for releasing what is not published yet, found before anything is built: the commit on GitHub, a token to sign with, and
 * that the certificate for this token would be the expected one. What is published already needs nothing of it.
 * @returns in a preview, a warning for each
 * @throws ReleaseError CONFIGURATION in `up`, with all of them
 */
export function judgeReadiness(plans: readonly ReleasePlan[], means: RunMeans): string[] {
  const open = plans.filter(({ published }) => !published);
  const signed = open.filter(({ signing }) => signing !== "off");
  const [first] = open;
  const missing = [
    ...(first === undefined || means.commitThere ? [] : [noCommit(first)]),
    ...(signed.length > 0 && !means.canSign ? [noToken(signed)] : []),
    ...signed.flatMap((plan) => otherSigner(plan, means.signer)),
  ];
  if (missing.length > 0 && !means.preview) {
    throw configurationError(missing);
  }
  return missing.map(
    ({ path, reason, example }) => `\`up\` would be refused (${path}): ${reason}; for example ${example}`,
  );
}

function noCommit({ head, repository }: ReleasePlan): Mistake {
  return {
    path: "git commit",
    value: head,
    reason: `is not in ${repository} on GitHub, so that no tag could name it`,
    example: "`git push`",
  };
}

function noToken(signed: readonly ReleasePlan[]): Mistake {
  const names = signed.map(({ unit }) => unit).join(", ");
  return {
    path: "signing",
    reason: `${names} must be signed, and this run has no OIDC token to sign with`,
    example: "`permissions: id-token: write` in the workflow's job, or `signing: off`",
  };
}

/** What the certificate of this run would say is compared before the build, and again by whoever verifies. */
function otherSigner(plan: ReleasePlan, signer: Signer | undefined): Mistake[] {
  const { unit, signing } = plan;
  if (signing === "off" || signer === undefined) {
    return [];
  }
  const mistake = signerMistake(signing, signer);
  if (mistake === undefined) {
    return otherCommit(plan, signer);
  }
  return [
    {
      path: "signing",
      reason: `${unit} must be signed by ${signing.workflow} at ${signing.refs}, and of this run ${mistake}`,
      example: "a run of that workflow, or what this run is under `signing`",
    },
  ];
}

/**
 * A run for the event `workflow_run` is at the default branch's newest commit, whatever it then checks out. The release of an earlier commit
 * is completed by a later run, as long as everything that needs provenance is there.
 */
function otherCommit(plan: ReleasePlan, { repository: source, commit }: Signer): Mistake[] {
  const { unit, repository, artifacts } = plan;
  const revision = artifacts.some(({ decision }) => decision.how === "build") ? plan.revision : plan.head;
  if (!sameRepository(source, repository) || commit === revision) {
    return [];
  }
  return [
    {
      path: "signing",
      value: revision,
      reason: `is the commit of ${unit}, and the certificate of this run would name ${commit || "none"}, so its provenance would not be believed`,
      example: "a check-out of the commit that the run was started for (GITHUB_SHA)",
    },
  ];
}
