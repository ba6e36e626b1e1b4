import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { listAttestations, postAttestation } from "../../clients/github/release/attestations.ts";
import { repositoryOf } from "../../clients/github/git-refs.ts";
import { settleList } from "../../clients/registry/attach-bundle.ts";
import { readAttachments } from "../../clients/registry/referrers.ts";
import { findPublishedRelease, shareReleasesOfTag } from "../../clients/github/release/releases.ts";
import { readVisibility } from "../../clients/github/settings/repositories.ts";
import type { StoredBundle } from "../../clients/sigstore/signing.ts";
import { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { verifyStatement } from "../../clients/sigstore/verification.ts";
import { returnRefusal } from "../../clients/lasting-refusal.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import type { Provider } from "../host/provider.ts";
import { DigestInput } from "../host/unknown-input.ts";

const Inputs = z.object({
  /** The GitHub repository that gets it, `owner/name`. */
  repository: z.string(),
  /** The image's repository, which the attestation is attached in: with its registry, without a tag. */
  image: z.string(),
  digest: DigestInput,
  identity: SigningIdentity,
  sigstore: SigstoreFiles,
  predicateType: z.string(),
  /** The predicate of the attached attestation, JSON. */
  predicate: z.record(z.string(), z.unknown()),
  /** Git tag of the Release that it belongs to: until that is public, each run tries a refused post again. */
  tag: z.string(),
});

/** Inputs of a GitHubAttestation. */
export type GitHubAttestationInputs = z.output<typeof Inputs>;

/** Outputs of a GitHubAttestation. */
export interface GitHubAttestationOutputs {
  /** Whether GitHub lists it. */
  posted: boolean;
  /** Why not, in GitHub's words; empty if it is posted. */
  why: string;
  /** Who could see the repository when GitHub refused; empty if it is posted. */
  visibility: string;
}

/** How many posts of a repository a run asks for after their Releases are public. */
const mostAskedFor = 3;

/** How many were asked for, by repository. */
const askedFor = new Map<string, number>();

const posted: GitHubAttestationOutputs = { posted: true, why: "", visibility: "" };

/** Milliseconds between reads of GitHub's list after a post: lists there may lag. */
const waits = [100, 300, 1000, 2000];

/**
 * An image's attestation that is also posted to GitHub's attestations API: the same bundle, not signed again. A refusal by GitHub is not
 * a failure, because not every repository has that API: the outputs say why. No answer and server faults are failures.
 */
export const gitHubAttestationProvider: Provider<GitHubAttestationInputs, GitHubAttestationOutputs> = {
  phrase: ({ repository, image, digest }) => `posting the attestation of ${image}@${digest} to ${repository}`,
  inputs: Inputs,
  identity: ["repository", "image", "digest", "predicateType"],
  immaterial: ["tag"],
  id: ({ repository, image, digest, predicateType }) => `${repository} ${image}@${digest} ${predicateType}`,

  async read(inputs, before) {
    if (before.posted === true && !(await isWorthAsking(inputs))) {
      return { inputs, outputs: posted };
    }
    const listed = await returnRefusal(() => isListed(inputs));
    if (listed === true) {
      return { inputs, outputs: posted };
    }
    const { posted: wasPosted, why = "", visibility = "" } = before;
    const known = wasPosted === undefined ? undefined : { inputs, outputs: { posted: wasPosted, why, visibility } };
    // With a token that may not read attestations, nothing is known, so the state is kept.
    if (listed instanceof ServerRefusal) {
      return known;
    }
    return wasPosted === false && !(await mayHelp(inputs, visibility)) ? known : undefined;
  },

  async reconcile(inputs, progress) {
    const listed = await returnRefusal(() => isListed(inputs));
    if (listed === true) {
      return posted;
    }
    const bundle = listed === false ? await findAttachedBundle(inputs) : undefined;
    const id = bundle && (await returnRefusal(() => postAttestation(repositoryOf(inputs.repository), bundle)));
    const refused = listed || id;
    const why =
      refused instanceof ServerRefusal
        ? `${refused.words} (${refused.status})${giveHint(refused.words)}`
        : await waitUntilListed(inputs, refused);
    if (why === "") {
      progress.done(`posted to GitHub's attestations of ${inputs.repository}`);
      return posted;
    }
    progress.warn(`not posted to GitHub's attestations of ${inputs.repository}: ${why}`);
    return { posted: false, why, visibility: (await readVisibility(repositoryOf(inputs.repository))) ?? "" };
  },
};

/**
 * Whether a read asks for a post that the state knows. GitHub has no list for several digests. So once their Releases are public, three posts of
 * a repository are asked for in a run: 200 charts would use up the token's requests of an hour.
 */
async function isWorthAsking({ repository, tag }: GitHubAttestationInputs): Promise<boolean> {
  const number = (askedFor.get(repository) ?? 0) + 1;
  askedFor.set(repository, number);
  return number <= mostAskedFor || (await shareReleasesOfTag(repositoryOf(repository), tag)).published === undefined;
}

/** Whether GitHub lists a bundle of this digest that verifies and has our statement. */
async function isListed(inputs: GitHubAttestationInputs): Promise<boolean> {
  const { repository, digest, predicateType } = inputs;
  return (
    (await findOurs(inputs, await listAttestations(repositoryOf(repository), digest, predicateType))) !== undefined
  );
}

async function findAttachedBundle(inputs: GitHubAttestationInputs): Promise<StoredBundle> {
  const { image, digest, predicateType } = inputs;
  // A slow writer may have dropped it from the list since this run attached it.
  const list = await settleList(image, digest);
  const found = await findOurs(inputs, readBundles(readAttachments(image, digest, { list })));
  if (found !== undefined) {
    return found;
  }
  throw new StepFailure({
    code: "SIGNATURE_MISSING",
    reason: `no ${predicateType} by ${inputs.identity.workflow} is attached to ${image}@${digest}`,
    meaning: "It was attached before, and someone or something has removed it since. Nothing was posted.",
    fix: "Run it again: the run first attaches it again.",
  });
}

async function* readBundles(attached: ReturnType<typeof readAttachments>): AsyncGenerator<StoredBundle> {
  for await (const one of attached) {
    if ("bundle" in one) {
      yield one.bundle;
    }
  }
}

/** Finds the first of some bundles that verifies and has our statement. */
async function findOurs(
  { digest, identity, sigstore, predicateType, predicate }: GitHubAttestationInputs,
  bundles: Iterable<StoredBundle> | AsyncIterable<StoredBundle>,
): Promise<StoredBundle | undefined> {
  for await (const bundle of bundles) {
    const verdict = await verifyStatement(bundle, digest, identity, sigstore);
    const found =
      verdict.verified &&
      verdict.value.predicateType === predicateType &&
      isDeepStrictEqual(verdict.value.predicate, predicate);
    if (found) {
      return bundle;
    }
  }
  return undefined;
}

/** Waits until GitHub lists the post. Returns an empty text, or why it does not count as posted. */
async function waitUntilListed(inputs: GitHubAttestationInputs, id: number | undefined): Promise<string> {
  for (const wait of [0, ...waits]) {
    await delay(wait);
    if ((await returnRefusal(() => isListed(inputs))) === true) {
      return "";
    }
  }
  return `GitHub accepted it as attestation ${id} but does not list it`;
}

/** Whether another try may succeed after a refusal: its Release is not public yet, or the repository's visibility has changed. */
async function mayHelp({ repository, tag }: GitHubAttestationInputs, visibility: string): Promise<boolean> {
  const at = repositoryOf(repository);
  return (await findPublishedRelease(at, tag)) === undefined || ((await readVisibility(at)) ?? "") !== visibility;
}

function giveHint(words: string): string {
  return /not accessible by integration/i.test(words)
    ? ": `permissions: attestations: write` is missing from the job"
    : "";
}
