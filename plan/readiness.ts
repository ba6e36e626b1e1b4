import type { Mistake } from "../errors/configuration-error.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { isExpected } from "../formats/signing-policy.ts";
import type { RunSigner } from "../formats/signing-policy.ts";
import type { ReleasePlan } from "./release.ts";

/** What a run has for what is not published yet. */
export interface RunMeans {
  /** True in `pulumi preview`, and in the preview that `pulumi up` makes first. */
  preview: boolean;
  /** Whether GitHub has the commit. */
  commitThere: boolean;
  /** True where the run can get a token to sign with. */
  canSign: boolean;
  /** Who the run would sign as; undefined where that cannot be known. */
  signer: RunSigner | undefined;
}

/**
 * What a run lacks for releasing what is not published yet, found before anything is built: the commit on GitHub, a token to sign with,
 * and that this token is of the expected workflow. What is published already needs nothing of it.
 * @returns in a preview, a warning for each
 * @throws ReleaseError CONFIGURATION in `up`, with all of them
 */
export function judgeReadiness(plans: readonly ReleasePlan[], means: RunMeans): string[] {
  const open = plans.filter(({ published }) => !published);
  const signed = open.filter(({ signing }) => signing !== "off");
  const [first] = open;
  const lacking = [
    ...(first === undefined || means.commitThere ? [] : [noCommit(first)]),
    ...(signed.length > 0 && !means.canSign ? [noToken(signed)] : []),
    ...signed.flatMap((plan) => otherSigner(plan, means.signer)),
  ];
  if (lacking.length > 0 && !means.preview) throw configurationError(lacking);
  return lacking.map(
    ({ path, reason, example }) => `\`up\` would be refused (${path}): ${reason}; for example ${example}`,
  );
}

function noCommit({ revision, repository }: ReleasePlan): Mistake {
  return {
    path: "git commit",
    value: revision,
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

function otherSigner({ unit, signing }: ReleasePlan, signer: RunSigner | undefined): Mistake[] {
  if (signing === "off" || signer === undefined || isExpected(signing, signer)) return [];
  return [
    {
      path: "signing",
      reason:
        `${unit} must be signed by ${signing.workflow} at ${signing.refs} (tokens of ${signing.issuer}), ` +
        `and this run signs as ${signer.workflow} (tokens of ${signer.issuer})`,
      example: "a run of that workflow at such a ref, or what this run is as `workflow` and `refs`",
    },
  ];
}
