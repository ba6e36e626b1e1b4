import { z } from "zod";

/** Who must have signed: a workflow of a repository, at certain refs, with tokens of one issuer. */
export const SigningIdentity = z.strictObject({
  /** Issuer of the OIDC tokens. Default: GitHub Actions. */
  issuer: z
    .string()
    // It stands in commands that readers of the notes paste into a shell.
    .regex(/^https?:\/\/[\w.:/~%-]+$/, { error: "must be the address of an OIDC issuer" })
    .default("https://token.actions.githubusercontent.com")
    .meta({ example: "https://token.actions.githubusercontent.com" }),
  /** The workflow file that signs, without its ref: `acme/widgets/.github/workflows/release.yml`. */
  workflow: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/, {
      error: "must be `owner/name/.github/workflows/FILE.yml`",
    })
    .meta({ example: "acme/widgets/.github/workflows/release.yml" }),
  /** Refs at which it signs, with `*` for any characters. Default `refs/tags/*`. */
  refs: z
    .string()
    .regex(/^refs\/[\w./*-]+$/, { error: "must begin with `refs/`" })
    .default("refs/tags/*")
    .meta({ example: "refs/tags/*" }),
});

/** Who must have signed, with the defaults filled in. */
export type SigningIdentity = z.output<typeof SigningIdentity>;

/** What a unit asks of its artifacts: signatures by one identity, or none. */
export const SigningPolicy = z.union([z.literal("off"), SigningIdentity]);

/** What a unit asks of its artifacts. */
export type SigningPolicy = z.output<typeof SigningPolicy>;

/**
 * The identity as a regular expression over the certificate's subject alternative name, anchored: for cosign's
 * `--certificate-identity-regexp` and for @sigstore/verify, which reads its policy as one.
 * Source: Fulcio's certificate specification, `https://github.com/` and the claim job_workflow_ref.
 */
export function identityPattern({ workflow, refs }: SigningIdentity): string {
  const quoted = (text: string): string => text.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&");
  return `^https://github\\.com/${quoted(workflow)}@${quoted(refs).replaceAll("*", "[^@]*")}$`;
}

/** Who a run signs as: what its OIDC token says. */
export interface RunSigner {
  issuer: string;
  /** Claim `job_workflow_ref`, `owner/name/.github/workflows/FILE.yml@ref`: the workflow that the job is written in. */
  workflow: string;
}

/** Whether signatures of this run would be those that are expected. */
export function isExpected(identity: SigningIdentity, { issuer, workflow }: RunSigner): boolean {
  return issuer === identity.issuer && new RegExp(identityPattern(identity)).test(`https://github.com/${workflow}`);
}
