import { listContainedAssets } from "../../clients/github/release/releases.ts";
import type { Release } from "../../clients/github/release/releases.ts";
import { readNotes } from "../../formats/release/release-mark.ts";
import type { Found } from "../host/provider.ts";
import { isOurs } from "./foreign-release.ts";
import { isLatestRight, shareLatest } from "./latest-release.ts";
import { listShownLineages } from "./published-lineages.ts";
import { readAssetSha256 } from "./release-assets.ts";
import { fillNotes } from "./release-content.ts";
import type { ReleaseInputs, ReleaseOutputs } from "./release-inputs.ts";
import { listMissingSignatures } from "./release-signatures.ts";
import { withLineages } from "./release-work.ts";
import type { ReleaseWork } from "./release-work.ts";

/**
 * The inputs of a Release as the world shows them.
 * @param releases all Releases of the repository
 * @param before the outputs in the state
 */
export async function observeRelease(
  begun: ReleaseWork,
  release: Release,
  releases: readonly Release[],
  before: Partial<ReleaseOutputs>,
): Promise<Found<ReleaseInputs, ReleaseOutputs>> {
  const { repository, inputs } = begun;
  const there = await listContainedAssets(repository, release);
  const work = withLineages(begun, await listShownLineages(begun, there, before.leftOut ?? []));
  const { wanted } = work;
  const [found, signatures, shown] = await Promise.all([
    Promise.all(
      wanted.map(async (asset) => {
        const here = there.find(({ name, state }) => name === asset.name && state === "uploaded");
        return { asset, sha256: here && (await readAssetSha256(work, here)) };
      }),
    ),
    listMissingSignatures(work, there),
    shareLatest(work, releases),
  ]);
  const generatedAreThere = found.every(({ asset, sha256 }) => !asset.generated || sha256 === asset.sha256);
  const assets = inputs.assets.flatMap((asset) => {
    const sha256 = found.find((other) => other.asset.name === asset.name)?.sha256;
    return sha256 === undefined ? [] : [{ ...asset, sha256 }];
  });
  return {
    inputs: {
      ...inputs,
      assets,
      notes: hasNotes(release, inputs) ? inputs.notes : (readNotes(release.body ?? "") ?? ""),
      prerelease: release.prerelease,
      latest: release.draft || isLatestRight(inputs, shown, [release.id]) ? inputs.latest : false,
      complete:
        !release.draft &&
        generatedAreThere &&
        signatures.length === 0 &&
        findLeftDrafts(inputs, release, releases).length === 0,
    },
    outputs: nameRelease(work, release),
  };
}

/** Our other drafts of a published Release. A run that was cut off, or a simultaneous one, left them; they were never public. */
export function findLeftDrafts(inputs: ReleaseInputs, release: Release, releases: readonly Release[]): Release[] {
  return releases.filter(
    (other) => other.draft && other.tag_name === inputs.tag && other.id !== release.id && isOurs(other, inputs),
  );
}

/** Whether a Release's text has the notes between our marks, with every placeholder filled. */
export function hasNotes({ body }: Release, inputs: ReleaseInputs): boolean {
  return (readNotes(body ?? "") ?? "") === fillNotes(inputs).trim();
}

/** The outputs of a GitHubRelease. */
export function nameRelease({ inputs, lineages }: ReleaseWork, release: Release): ReleaseOutputs {
  const own = { url: release.html_url, releaseId: release.id };
  return inputs.lineages === undefined ? own : { ...own, leftOut: [...lineages.leftOut] };
}
