import { findGitTag, repositoryOf } from "../../clients/github/git-refs.ts";
import type { Repository } from "../../clients/github/git-refs.ts";
import { gitHub, allowMissing } from "../../clients/github/github.ts";
import { getManifest } from "../../clients/registry/registry.ts";
import { findAssetSha256 } from "../../clients/github/release/release-assets.ts";
import { allReleases, listAssets, findRelease, findReleasesOfTag } from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { markNotes, readNotes, readOwner, replaceNotes } from "../../formats/release/release-mark.ts";
import type { Found, Provider } from "../host/provider.ts";
import type { Progress } from "../host/progress.ts";
import { findDifferingAssets, syncAssets } from "./release-assets.ts";
import { findMissingBundles, syncBundles } from "./release-bundles.ts";
import { isLatest, fillNotes, listWantedAssets } from "./release-content.ts";
import { makeForeignDraftError, makeForeignReleaseError } from "./foreign-release.ts";
import { nameOwner, ReleaseInputs } from "./release-inputs.ts";
import type { ReleaseOutputs } from "./release-inputs.ts";

/**
 * A GitHub Release that is public only when everything it promises is there: draft → assets → compare every sha256 → check every version
 * tag and the git tag once more → publish. Our own draft of an earlier run is completed, a person's is never touched.
 */
export const gitHubReleaseProvider: Provider<ReleaseInputs, ReleaseOutputs> = {
  phrase: ({ repository, tag }) => `publishing the Release ${tag} of ${repository}`,
  inputs: ReleaseInputs,
  identity: ["repository", "tag"],
  id: ({ repository, tag }) => `${repository} ${tag}`,

  async read(inputs) {
    const repository = repositoryOf(inputs.repository);
    const { published, drafts } = await findReleasesOfTag(repository, inputs.tag);
    const release = published ?? drafts.find((draft) => isOurs(draft, inputs));
    return release && observe(repository, release, inputs);
  },

  async reconcile(inputs, progress) {
    const repository = repositoryOf(inputs.repository);
    const { published, drafts } = await findReleasesOfTag(repository, inputs.tag);
    const release = published
      ? await repair(repository, published, inputs, progress)
      : await complete(repository, drafts, inputs, progress);
    const left = published ? drafts : (await findReleasesOfTag(repository, inputs.tag)).drafts;
    await removeDrafts(
      repository,
      left.filter(({ id }) => id !== release.id),
      inputs,
    );
    return makeOutputs(release);
  },
};

/** Completes our oldest draft, or a new one, and publishes it. */
async function complete(
  repository: Repository,
  drafts: Release[],
  inputs: ReleaseInputs,
  progress: Progress,
): Promise<Release> {
  const foreign = drafts.find((draft) => !isOurs(draft, inputs));
  if (foreign) {
    throw makeForeignDraftError(foreign, inputs);
  }
  try {
    const draft = drafts[0] ?? (await createDraft(repository, inputs));
    const wanted = listWantedAssets(inputs);
    await syncAssets(repository, draft, wanted, progress);
    await syncBundles(repository, draft, wanted, inputs, progress);
    progress.at("comparing the assets, and every tag");
    await requireEverything(repository, draft, inputs);
    return await publish(repository, draft, inputs, progress);
  } catch (error) {
    // Another run published its own draft of the same release first: the tag name is then in use (422), or our draft removed (404).
    if (!(error instanceof ServerRefusal && (error.status === 422 || error.status === 404))) {
      throw error;
    }
    const { published } = await findReleasesOfTag(repository, inputs.tag);
    if (!published) {
      throw error;
    }
    return repair(repository, published, inputs, progress);
  }
}

/**
 * Removes our other drafts of the published Release. A run that was cut off, or a simultaneous one, left them; they were never public.
 * GitHub's list lags and may show a Release that was published meanwhile as a draft, so each is read by its id first.
 */
async function removeDrafts(repository: Repository, drafts: Release[], inputs: ReleaseInputs): Promise<void> {
  for (const { id } of drafts.filter((draft) => isOurs(draft, inputs))) {
    const now = await findRelease(repository, id);
    if (!now?.draft || !isOurs(now, inputs)) {
      continue;
    }
    await allowMissing(gitHub().rest.repos.deleteRelease({ ...repository, release_id: id }));
  }
}

function isOurs(release: Release, inputs: ReleaseInputs): boolean {
  return readOwner(release.body ?? "") === nameOwner(inputs);
}

function makeOutputs(release: Release): ReleaseOutputs {
  return { url: release.html_url, releaseId: release.id };
}

async function createDraft(repository: Repository, inputs: ReleaseInputs): Promise<Release> {
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

async function publish(
  repository: Repository,
  draft: Release,
  inputs: ReleaseInputs,
  progress: Progress,
): Promise<Release> {
  const latest = isLatest(inputs, await allReleases(repository));
  const { data } = await gitHub().rest.repos.updateRelease({
    ...repository,
    release_id: draft.id,
    tag_name: inputs.tag,
    name: inputs.title,
    body: replaceNotes(draft.body ?? undefined, nameOwner(inputs), fillNotes(inputs)),
    prerelease: inputs.prerelease,
    make_latest: latest ? "true" : "false",
    draft: false,
  });
  progress.done(`published: ${data.html_url}`);
  return data;
}

/** Restores what a published Release promised, as far as that removes nothing. */
async function repair(
  repository: Repository,
  release: Release,
  inputs: ReleaseInputs,
  progress: Progress,
): Promise<Release> {
  if (!isOurs(release, inputs)) {
    throw makeForeignReleaseError(release, inputs);
  }
  const wanted = listWantedAssets(inputs);
  await syncAssets(repository, release, wanted, progress);
  await syncBundles(repository, release, wanted, inputs, progress);
  const { inputs: found } = await observe(repository, release, inputs);
  const text = found.notes !== inputs.notes;
  const latest = found.latest !== inputs.latest;
  if (!text && !latest && found.prerelease === inputs.prerelease) {
    return release;
  }
  const { data } = await gitHub().rest.repos.updateRelease({
    ...repository,
    release_id: release.id,
    prerelease: inputs.prerelease,
    ...(text ? { body: replaceNotes(release.body ?? undefined, nameOwner(inputs), fillNotes(inputs)) } : {}),
    ...(latest ? { make_latest: "true" as const } : {}),
  });
  return data;
}

/** Checks everything once more before publishing, so that no Release makes a false promise. */
async function requireEverything(repository: Repository, draft: Release, inputs: ReleaseInputs): Promise<void> {
  const wanted = listWantedAssets(inputs);
  const [assets, bundles, tags, commit] = await Promise.all([
    findDifferingAssets(repository, draft, wanted),
    findMissingBundles(repository, draft, wanted, inputs),
    Promise.all(
      Object.values(inputs.artifacts).map(async ({ repository: image, tag, digest }) => {
        const found = (await getManifest(image, tag))?.digest ?? "nothing";
        return found === digest ? [] : [`${image}:${tag} names ${found}, not ${digest}`];
      }),
    ),
    findGitTag(repository, inputs.tag),
  ]);
  const wrong = [
    ...assets.map((name) => `${name} is missing or has other bytes`),
    ...bundles.map((name) => `${name} is missing or does not verify`),
    ...tags.flat(),
    ...(commit?.commit === inputs.revision
      ? []
      : [`git tag ${inputs.tag} is at ${commit?.commit ?? "nothing"}, not ${inputs.revision}`]),
  ];
  if (wrong.length === 0) {
    return;
  }
  throw new StepFailure({
    code: "RELEASE_CONFLICT",
    reason: wrong.join("\n"),
    meaning: "Something changed while the release ran. The Release is still a draft, which only maintainers see.",
    fix: "Find out who else writes there (two runs of one lane at a time?), then run it again.",
  });
}

/** The inputs as the world shows them. */
async function observe(
  repository: Repository,
  release: Release,
  inputs: ReleaseInputs,
): Promise<Found<ReleaseInputs, ReleaseOutputs>> {
  const wanted = listWantedAssets(inputs);
  const [there, releases, bundles] = await Promise.all([
    listAssets(repository, release.id),
    allReleases(repository),
    findMissingBundles(repository, release, wanted, inputs),
  ]);
  const found = await Promise.all(
    wanted.map(async (asset) => {
      const here = there.find(({ name, state }) => name === asset.name && state === "uploaded");
      return { asset, sha256: here && (await findAssetSha256(repository, here)) };
    }),
  );
  const generatedAreThere = found.every(({ asset, sha256 }) => !asset.generated || sha256 === asset.sha256);
  const assets = inputs.assets.flatMap((asset) => {
    const sha256 = found.find((other) => other.asset.name === asset.name)?.sha256;
    return sha256 === undefined ? [] : [{ ...asset, sha256 }];
  });
  const notes = readNotes(release.body ?? "") ?? "";
  return {
    inputs: {
      ...inputs,
      assets,
      notes: notes === fillNotes(inputs).trim() ? inputs.notes : notes,
      prerelease: release.prerelease,
      latest:
        inputs.latest && !release.draft && isLatest(inputs, releases)
          ? await isShownAsLatest(repository, release)
          : inputs.latest,
      complete: !release.draft && generatedAreThere && bundles.length === 0,
    },
    outputs: makeOutputs(release),
  };
}

async function isShownAsLatest(repository: Repository, release: Release): Promise<boolean> {
  return (await allowMissing(gitHub().rest.repos.getLatestRelease({ ...repository })))?.data.id === release.id;
}
