import { gitHub, allowMissing } from "../../clients/github/github.ts";
import {
  findPublishedRelease,
  findRelease,
  findReleasesOfTag,
  shareReleasesOfTag,
} from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { markNotes } from "../../formats/release/release-mark.ts";
import { silent } from "../host/progress.ts";
import type { Provider } from "../host/provider.ts";
import { isOurs, makeForeignDraftError } from "./foreign-release.ts";
import { syncAssets } from "./release-assets.ts";
import { attachSignatures, makeSignatures } from "./release-bundles.ts";
import { fillNotes } from "./release-content.ts";
import { readAgain, ReleaseChanged } from "./release-moment.ts";
import { nameOwner, ReleaseInputs } from "./release-inputs.ts";
import type { ReleaseOutputs } from "./release-inputs.ts";
import { findLeftDrafts, nameRelease, observeRelease } from "./release-observation.ts";
import { publish } from "./release-publication.ts";
import { repair } from "./release-repair.ts";
import type { WholeRelease } from "./release-repair.ts";
import { makeLineages } from "./made-lineages.ts";
import { withPublishedLineages } from "./published-lineages.ts";
import { beginWork, withLineages } from "./release-work.ts";
import type { ReleaseWork } from "./release-work.ts";

/** How often a Release is begun, and a draft completed: again because a twin or a person changed it meanwhile. */
const mostAttempts = 3;

/**
 * A GitHub Release that is public only when everything it promises is there: draft → assets → compare every sha256 → check every version
 * tag and the git tag once more → publish → look at all of it once more. Our own draft of an earlier run is completed, a person's is never
 * touched.
 */
export const gitHubReleaseProvider: Provider<ReleaseInputs, ReleaseOutputs> = {
  phrase: ({ repository, tag }) => `publishing the Release ${tag} of ${repository}`,
  inputs: ReleaseInputs,
  identity: ["repository", "tag"],
  // Where a file lies, and what is written into it, makes no difference to one with the same bytes.
  material: { assets: (assets) => assets.map(({ name, sha256, size, signed }) => ({ name, sha256, size, signed })) },
  id: ({ repository, tag }) => `${repository} ${tag}`,

  async read(inputs, before) {
    const work = beginWork(inputs, silent);
    const { published, drafts, all } = await shareReleasesOfTag(work.repository, inputs.tag);
    const release = published ?? drafts.find((draft) => isOurs(draft, inputs));
    return release && observeRelease(work, release, all, before);
  },

  async reconcile(inputs, progress) {
    const work = beginWork(inputs, progress);
    const gone = new Set<number>();
    for (let attempt = 1; ; attempt++) {
      try {
        const whole = await releaseOnce(work, gone);
        await removeDrafts(work, whole);
        return nameRelease(whole.work, whole.release);
      } catch (error) {
        if (attempt === mostAttempts || !(error instanceof ReleaseChanged)) {
          throw error;
        }
        if (error.now === undefined) {
          gone.add(error.id);
        }
        progress.done(`${error.parts.reason}; beginning anew`);
      }
    }
  },
};

/** A published Release, and the work with the lineages that it has. */
interface WorkedRelease extends WholeRelease {
  work: ReleaseWork;
}

/** @param gone ids of drafts that are deleted, although lists may still show them */
async function releaseOnce(begun: ReleaseWork, gone: ReadonlySet<number>): Promise<WorkedRelease> {
  const { published, drafts, all } = await findReleasesOfTag(begun.repository, begun.inputs.tag);
  if (published) {
    const work = await withPublishedLineages(begun, published);
    return { work, ...(await repair(work, published, all)) };
  }
  const left = drafts.filter(({ id }) => !gone.has(id));
  const own = withLineages(begun, await makeLineages(begun.inputs));
  const release = await complete(own, left);
  // A twin that published may have made other lineages.
  const work = await withPublishedLineages(own, release);
  return { work, ...(await repair(work, release, undefined)) };
}

/**
 * Completes our oldest draft, or a new one, and publishes it.
 * @returns the published Release, ours or that of a twin that was faster
 */
async function complete(work: ReleaseWork, drafts: readonly Release[]): Promise<Release> {
  const { repository, inputs } = work;
  const foreign = drafts.find((draft) => !isOurs(draft, inputs));
  if (foreign) {
    throw makeForeignDraftError(foreign, inputs);
  }
  const draft = drafts[0] ?? (await createDraft(work));
  try {
    for (let attempt = 1; ; attempt++) {
      await attachSignatures(work, draft, await signWhile(syncAssets(work, draft), makeSignatures(work, draft)));
      const published = await publish(work, draft, attempt === mostAttempts);
      if (published) {
        return published;
      }
    }
  } catch (error) {
    // A twin published this draft: it is whole, and only needs a look.
    if (error instanceof ReleaseChanged && error.now?.draft === false && error.now.tag_name === inputs.tag) {
      return error.now;
    }
    // A twin published a draft of its own: the tag name is then in use (422), or this draft was removed (404).
    if (!(error instanceof ServerRefusal && (error.status === 422 || error.status === 404))) {
      throw error;
    }
    const published = await findPublishedRelease(repository, inputs.tag);
    if (published === undefined) {
      await readAgain(work, draft);
      throw error;
    }
    return published;
  }
}

/**
 * Waits for uploads and for the signatures that are made meanwhile.
 * @throws what the uploads throw, else what signing throws; both have ended by then, so that a next try has no rival
 */
async function signWhile<T>(uploads: Promise<void>, signing: Promise<T>): Promise<T> {
  await Promise.allSettled([uploads, signing]);
  await uploads;
  return signing;
}

async function createDraft({ repository, inputs }: ReleaseWork): Promise<Release> {
  const { tag, title, prerelease } = inputs;
  const body = markNotes(nameOwner(inputs), fillNotes(inputs));
  const answer = await gitHub().rest.repos.createRelease({
    ...repository,
    tag_name: tag,
    name: title,
    body,
    draft: true,
    prerelease,
  });
  return answer.data;
}

/**
 * Removes our other drafts of the published Release. GitHub's list lags and may show a Release that was published meanwhile as a draft, so each is read by its id first.
 */
async function removeDrafts({ repository, inputs }: ReleaseWork, { release, releases }: WholeRelease): Promise<void> {
  for (const { id } of findLeftDrafts(inputs, release, releases)) {
    const now = await findRelease(repository, id);
    if (!now?.draft || !isOurs(now, inputs)) {
      continue;
    }
    await allowMissing(gitHub().rest.repos.deleteRelease({ ...repository, release_id: id }));
  }
}
