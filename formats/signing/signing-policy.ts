import { valid } from "semver";
import { z } from "zod";

/** Events whose runs may sign, unless a configuration names others: none that a stranger can cause. */
const defaultTriggers: readonly string[] = ["push", "workflow_dispatch", "workflow_run", "schedule"];

const Workflow = z
  .string()
  .max(255)
  .regex(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/, {
    error: "must be `owner/name/.github/workflows/FILE.yml`",
  });

const Refs = z
  .string()
  .max(255)
  .regex(/^(refs\/[\w./*-]+|[0-9a-f]{40})$/, { error: "must begin with `refs/`, or be a commit id of 40 digits" });

const Id = z.string().regex(/^\d{1,20}$/, { error: "must be a number in quotes" });

/**
 * Who must have signed: a workflow, at certain refs, in runs of one repository started by certain events, with tokens of one issuer.
 *
 * Records and states store it in this form. Keys that they leave out have their defaults, so that those of earlier versions keep their
 * meaning: sourceRepository() and triggersOf() apply the defaults.
 */
export const SigningIdentity = z.strictObject({
  /** Issuer of the OIDC tokens. Default: GitHub Actions. */
  issuer: z
    .string()
    // It is part of commands that readers of the notes paste into a shell.
    .regex(/^https?:\/\/[\w.:/~%-]+$/, { error: "must be the address of an OIDC issuer" })
    .default("https://token.actions.githubusercontent.com")
    .meta({ example: "https://token.actions.githubusercontent.com" }),
  /** The workflow file that signs, without its ref: `acme/widgets/.github/workflows/release.yml`. For a job in a reusable workflow, the reusable one. */
  workflow: Workflow.meta({ example: "acme/widgets/.github/workflows/release.yml" }),
  /**
   * Refs at which it signs, with `*` for any characters; or the id of a commit, for a reusable workflow that is called by it. Default
   * `refs/tags/*`.
   */
  refs: Refs.default("refs/tags/*").meta({ example: "refs/tags/*" }),
  /**
   * The repository whose runs sign, `owner/name`. A reusable workflow signs for whoever calls it, so its name alone says nothing. Default:
   * in a configuration `lockstep:repository`; in a record or a state the workflow's own repository.
   */
  repository: z
    .string()
    .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, { error: "must be `owner/name`" })
    .optional()
    .meta({ example: "acme/widgets" }),
  /** Events that may begin a run that signs. Default `push`, `workflow_dispatch`, `workflow_run` and `schedule`. */
  triggers: z
    .array(z.string().regex(/^[a-z_]{1,50}$/, { error: "must be the name of an event" }))
    .min(1)
    .optional()
    .meta({ example: '["push", "workflow_dispatch"]' }),
  /** GitHub's number of that repository. Another repository of the same name has another number. Default: not compared. */
  repositoryId: Id.optional().meta({ example: "123456789" }),
  /** GitHub's number of its owner. Default: not compared. */
  ownerId: Id.optional().meta({ example: "12345" }),
});

/** Who must have signed. */
export type SigningIdentity = z.output<typeof SigningIdentity>;

/** What a unit requires of its artifacts: signatures by one identity, or none. */
export const SigningPolicy = z.union([z.literal("off"), SigningIdentity]);

/** What a unit requires of its artifacts. */
export type SigningPolicy = z.output<typeof SigningPolicy>;

/** Who signed before a workflow moved. */
export const EarlierSigner = z.strictObject({
  workflow: Workflow.meta({ example: "acme/widgets/.github/workflows/publish.yml" }),
  refs: Refs.default("refs/tags/*").meta({ example: "refs/tags/*" }),
  /** The last version that it signed. */
  until: z
    .string()
    .refine((version) => valid(version) === version, { error: "must be a version" })
    .meta({ example: "1.4.0" }),
});

/** Who signed before a workflow moved. */
export type EarlierSigner = z.output<typeof EarlierSigner>;

/** The repository whose runs sign, `owner/name`. */
export function sourceRepository({ repository, workflow }: SigningIdentity): string {
  return repository ?? workflow.split("/", 2).join("/");
}

/** Events that may begin a run that signs. */
export function triggersOf({ triggers = [...defaultTriggers] }: SigningIdentity): readonly string[] {
  return triggers;
}

/** Whether two repository names are the same to GitHub, which keeps the letters' case but ignores it in comparisons. */
export function sameRepository(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Shortens an identity to the form of records and states: without default values. So a unit whose own workflow signs is recorded as
 * earlier versions recorded it.
 */
export function shortIdentity(identity: SigningIdentity): SigningIdentity {
  const { repository, triggers, ...rest } = identity;
  const own = sameRepository(sourceRepository(identity), sourceRepository(rest));
  const usual =
    triggers === undefined ||
    (new Set(triggers).size === defaultTriggers.length && defaultTriggers.every((event) => triggers.includes(event)));
  return {
    ...rest,
    ...(own || repository === undefined ? {} : { repository }),
    ...(usual || triggers === undefined ? {} : { triggers: triggers.toSorted() }),
  };
}

/**
 * Writes the workflow and its refs as an anchored regular expression over the certificate's subject alternative name, for cosign's
 * `--certificate-identity-regexp`.
 * Source: Fulcio's certificate specification, `https://github.com/` and the claim job_workflow_ref.
 */
export function writeIdentityPattern({ workflow, refs }: SigningIdentity): string {
  const quote = (text: string): string => text.replaceAll(/[.\\+?^${}()|[\]]/g, "\\$&");
  return `^https://github\\.com/${quote(workflow)}@${quote(refs).replaceAll("*", "[^@]*")}$`;
}
