import { findGitTag } from "../../clients/github/git-refs.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { getManifest } from "../../clients/registry/registry.ts";
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

/** Whether assets or signatures must be attached. */
export function needsAssets({ assets, signatures }: Mistakes): boolean {
  return assets.length > 0 || signatures.length > 0;
}

/**
 * Looks at everything once more before publishing, so that no Release makes a false promise. The caller publishes at once.
 * @throws ReleaseChanged if it is not our draft any more
 */
export async function lookLast(work: ReleaseWork, draft: Release): Promise<ReleaseLook> {
  for (let count = 1; ; count++) {
    const began = Date.now();
    const look = await lookAtEverything(work, draft);
    if (count === mostLooks || describeMistakes(look.mistakes).length > 0 || Date.now() - began <= longestLook) {
      return look;
    }
  }
}
