import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { keepListed, pushBundle, settleList } from "../../clients/registry/attach-bundle.ts";
import { readAttachments } from "../../clients/registry/referrers.ts";
import type { AttachedBounds } from "../../clients/registry/referrers.ts";
import { signStatement } from "../../clients/sigstore/signing.ts";
import { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyStatement } from "../../clients/sigstore/verification.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { shortened } from "../../formats/shortened.ts";
import { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import type { Digest } from "../../formats/artifact/manifest.ts";
import type { Statement } from "../../formats/signing/statement.ts";
import type { Progress } from "../host/progress.ts";
import { DigestInput } from "../host/unknown-input.ts";

/** Inputs of everything that is signed by digest. */
export const SignedInputs = z.object({
  /** With its registry, without a tag. */
  repository: z.string(),
  digest: DigestInput,
  identity: SigningIdentity,
  sigstore: SigstoreFiles,
});

/** The statement that the digest must have; without a predicate, any statement of the type counts. */
export type WantedStatement = Pick<Statement, "predicateType"> & Partial<Pick<Statement, "predicate">>;

/** Inputs of a Signature. */
export type SignedInputs = z.output<typeof SignedInputs>;

/** The most looks for a bundle after it was attached: a slow writer may drop it from its list after the list was complete. */
const mostLooks = 3;

/** The last attempt to attach each statement: one that comes meanwhile finds what the first one attached, and signs nothing. */
const lastOn = new Map<string, Promise<unknown>>();

/**
 * Whether a digest has a bundle with the wanted statement that verifies against the identity. A referrer alone proves nothing.
 * For a read: the answer may be two minutes old.
 */
export async function isAttached(inputs: SignedInputs, wanted: WantedStatement): Promise<boolean> {
  return (await lookFor(inputs, wanted, { shared: true })).found !== undefined;
}

/** Stops at the first one that counts: `found` is the digest of its manifest. `unread` names those that were skipped before it because they cannot be read. */
async function lookFor(
  { repository, digest, identity, sigstore }: SignedInputs,
  wanted: WantedStatement,
  bounds: AttachedBounds,
): Promise<{ found: Digest | undefined; unread: string[] }> {
  const unread: string[] = [];
  for await (const one of readAttachments(repository, digest, bounds)) {
    if ("unread" in one) {
      unread.push(one.unread);
      continue;
    }
    const verdict = await verifyStatement(one.bundle, digest, identity, sigstore);
    const isWanted =
      verdict.verified &&
      verdict.value.predicateType === wanted.predicateType &&
      (!("predicate" in wanted) || isDeepStrictEqual(verdict.value.predicate, wanted.predicate));
    if (isWanted) {
      return { found: one.manifest, unread };
    }
  }
  return { found: undefined, unread };
}

/**
 * Looks for the statement in the settled list. What counts is kept in the list from now on: another statement of this digest may still be on its
 * way, and a slow writer may drop this one meanwhile.
 */
async function lookInList(inputs: SignedInputs, wanted: WantedStatement): ReturnType<typeof lookFor> {
  const { repository, digest } = inputs;
  const look = await lookFor(inputs, wanted, { list: await settleList(repository, digest) });
  if (look.found !== undefined) {
    keepListed(repository, digest, look.found);
  }
  return look;
}

/**
 * Ensures that a digest has a statement: checks, signs only if it is missing, attaches and reads back. Several statements of one digest are
 * signed and pushed side by side, the same statement once.
 * @param statement makes the statement to sign if the wanted one is missing
 */
export async function ensureAttached(
  inputs: SignedInputs,
  wanted: WantedStatement,
  statement: () => Promise<Statement>,
  progress: Progress,
): Promise<void> {
  const key = JSON.stringify([inputs.repository, inputs.digest, wanted]);
  const before = lastOn.get(key) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => attachStatement(inputs, wanted, statement, progress));
  lastOn.set(key, mine);
  await mine;
}

async function attachStatement(
  inputs: SignedInputs,
  wanted: WantedStatement,
  statement: () => Promise<Statement>,
  progress: Progress,
): Promise<void> {
  const { repository, digest, sigstore } = inputs;
  // The write of a twin may have dropped what this run attached to the digest before: this statement, or another.
  if ((await lookInList(inputs, wanted)).found) {
    return;
  }
  const bundle = await signStatement(await statement(), sigstore);
  const verdict = await verifyStatement(bundle, digest, inputs.identity, sigstore);
  if (!verdict.verified) {
    throw makeIdentityError(inputs.identity, verdict.reason);
  }
  await pushBundle(repository, digest, bundle, wanted.predicateType);
  for (let look = 1; ; look += 1) {
    const { found, unread } = await lookInList(inputs, wanted);
    if (found) {
      break;
    }
    if (look === mostLooks) {
      throw makeLostBundleError(unread);
    }
  }
  progress.done(`${wanted.predicateType} attached to ${digest}`);
}

/**
 * Makes the error for a new signature that does not verify: nearly always, the run's workflow is not the expected one.
 * @param reason the verifier's words
 */
export function makeIdentityError(identity: SigningIdentity, reason: string): StepFailure {
  return new StepFailure({
    code: "SIGNING_FAILED",
    reason: `${reason}\nexpected ${identity.workflow} at ${identity.refs}, tokens of ${identity.issuer}`,
    meaning:
      "This run's token belongs to another workflow or ref than the configuration expects. Nothing was attached.",
    fix: "Release with that workflow, or correct `signing.workflow` and `signing.refs`.",
  });
}

function makeLostBundleError(unread: readonly string[]): StepFailure {
  return new StepFailure({
    code: "SIGNING_FAILED",
    reason: [
      "the bundle was attached, but reading it back did not find it",
      ...shortened(unread.map((words) => `attached, but not read: ${words}`)),
    ].join("\n"),
    meaning:
      unread.length === 0
        ? "Another writer changed the list of this digest's attachments at the same moment."
        : "Another writer changed the list of this digest's attachments at the same moment, or the bundle is one of those that cannot be read.",
    fix: "Run it again, with only one run per lane at a time.",
  });
}
