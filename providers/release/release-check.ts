import { findGitTag } from "../../clients/github/git-refs.ts";
import { listAssets } from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { getManifest } from "../../clients/registry/registry.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { listDifferingAssets } from "./release-assets.ts";
import { listMissingSignatures } from "./release-signatures.ts";
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

/** Compares everything that a Release promises with what is there: assets, signatures, every version tag and the git tag, side by side. */
export async function findMistakes(work: ReleaseWork, release: Release): Promise<Mistakes> {
  const { repository, inputs } = work;
  const lookAtAssets = async (): Promise<Pick<Mistakes, "assets" | "signatures">> => {
    const there = await listAssets(repository, release.id);
    const [assets, signatures] = await Promise.all([
      listDifferingAssets(work, there),
      listMissingSignatures(work, there),
    ]);
    return { assets, signatures };
  };
  const [files, git, ...tags] = await Promise.all([
    lookAtAssets(),
    findGitTag(repository, inputs.tag),
    ...Object.values(inputs.artifacts).map(async ({ repository: image, tag, digest }) => {
      const found = (await getManifest(image, tag))?.digest ?? "nothing";
      return found === digest ? [] : [`${image}:${tag} names ${found}, not ${digest}`];
    }),
  ]);
  const commit = git?.commit ?? "nothing";
  return {
    ...files,
    tags: [
      ...tags.flat(),
      ...(commit === inputs.revision ? [] : [`git tag ${inputs.tag} is at ${commit}, not ${inputs.revision}`]),
    ],
  };
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
 * @throws StepFailure RELEASE_CONFLICT, which lists what is wrong
 */
export async function requireEverything(work: ReleaseWork, draft: Release): Promise<void> {
  for (let look = 1; look <= mostLooks; look++) {
    const began = performance.now();
    const wrong = describeMistakes(await findMistakes(work, draft));
    if (wrong.length > 0) {
      throw new StepFailure({
        code: "RELEASE_CONFLICT",
        reason: wrong.join("\n"),
        meaning: "Something changed while the release ran. The Release is still a draft, which only maintainers see.",
        fix: "Find out who else writes there (two runs of one lane at a time?), then run it again.",
      });
    }
    if (performance.now() - began <= longestLook) {
      return;
    }
  }
}
