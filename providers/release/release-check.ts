import { findGitTag } from "../../clients/github/git-refs.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { getManifest } from "../../clients/registry/registry.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { listDifferingAssets } from "./release-assets.ts";
import { listMissingSignatures } from "./release-signatures.ts";
import { readAgain } from "./release-moment.ts";
import type { ReleaseWork } from "./release-work.ts";

/** A look that took longer than this, in milliseconds, was held up by retries: its first answers may be out of date. */
const longestLook = 1_000;
/** The most looks before publishing. */
const mostLooks = 3;

/** What is wrong with a Release, at one look. Each list is empty if nothing is. */
export interface Mistakes {
  /** Names of assets that are missing or have other bytes. */
  assets: string[];
  /** Names of signatures that are missing or do not verify. */
  signatures: string[];
  /** Sentences about the version tags and the git tag, which this step cannot repair. */
  tags: string[];
}

/** A Release at one look. */
export interface ReleaseLook {
  /** As it is now. */
  release: Release;
  mistakes: Mistakes;
}

/**
 * Compares everything that a Release promises with what is there: assets, signatures, every version tag and the git tag, side by side.
 * @throws ReleaseChanged if it is not the draft or the published Release any more that it was
 */
export async function lookAtEverything(work: ReleaseWork, before: Release): Promise<ReleaseLook> {
  const { repository, inputs } = work;
  const lookAtAssets = async () => {
    const { release, assets: there } = await readAgain(work, before);
    const [assets, signatures] = await Promise.all([
      listDifferingAssets(work, there),
      listMissingSignatures(work, there),
    ]);
    return { release, assets, signatures };
  };
  const [{ release, ...files }, git, ...tags] = await Promise.all([
    lookAtAssets(),
    findGitTag(repository, inputs.tag),
    ...Object.values(inputs.artifacts).map(async ({ repository: image, tag, digest }) => {
      const found = (await getManifest(image, tag))?.digest ?? "nothing";
      return found === digest ? [] : [`${image}:${tag} names ${found}, not ${digest}`];
    }),
  ]);
  const commit = git?.commit ?? "nothing";
  const movedGitTag =
    commit === inputs.revision ? [] : [`git tag ${inputs.tag} is at ${commit}, not ${inputs.revision}`];
  return { release, mistakes: { ...files, tags: [...tags.flat(), ...movedGitTag] } };
}

/** One sentence for each mistake. */
export function describeMistakes({ assets, signatures, tags }: Mistakes): string[] {
  return [
    ...assets.map((name) => `${name} is missing or has other bytes`),
    ...signatures.map((name) => `${name} is missing or does not verify`),
    ...tags,
  ];
}

/**
 * Checks everything once more before publishing, so that no Release makes a false promise. The caller publishes at once.
 * @returns the draft as it is now
 * @throws StepFailure RELEASE_CONFLICT, which lists what is wrong
 * @throws ReleaseChanged if it is not our draft any more
 */
export async function requireEverything(work: ReleaseWork, draft: Release): Promise<Release> {
  for (let count = 1; ; count++) {
    const began = Date.now();
    const { release, mistakes } = await lookAtEverything(work, draft);
    const wrong = describeMistakes(mistakes);
    if (wrong.length > 0) {
      throw new StepFailure({
        code: "RELEASE_CONFLICT",
        reason: wrong.join("\n"),
        meaning: "Something changed while the release ran. The Release is still a draft, which only maintainers see.",
        fix: "Find out who else writes there (two runs of one lane at a time?), then run it again.",
      });
    }
    if (count === mostLooks || Date.now() - began <= longestLook) {
      return release;
    }
  }
}
