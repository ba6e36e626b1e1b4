import { parse, rcompare } from "semver";
import { getManifest } from "../../../clients/registry/registry.ts";
import { manifestKind } from "../../../formats/chart/manifest-kind.ts";
import type { ManifestKind } from "../../../formats/chart/manifest-kind.ts";
import { ociTag } from "../../../formats/artifact/oci-names.ts";

/** What a tag of a repository names. */
export interface HeldKind {
  tag: string;
  kind: ManifestKind;
}

/** How many manifests are read of one repository: the newest version may be the accident of a day. */
const mostLooks = 3;

/**
 * Reads what a few tags of a repository name: the highest versions, then others. Tags that list attachments of a digest are left out.
 * @param repository with its registry
 * @param tags some or all tags of it
 * @returns an entry for each that is an image or a chart, highest version first
 * @throws ServerRefusal
 */
export async function findHeldKinds(repository: string, tags: readonly string[]): Promise<HeldKind[]> {
  const looks = chosenTags(tags).map(async (tag): Promise<HeldKind[]> => {
    const manifest = await getManifest(repository, tag);
    const kind = manifest && manifestKind(manifest.bytes);
    return kind === undefined ? [] : [{ tag, kind }];
  });
  return (await Promise.all(looks)).flat();
}

function chosenTags(tags: readonly string[]): string[] {
  const named = tags.filter((tag) => ociTag.test(tag) && !tag.startsWith("sha256-"));
  const versions = named.filter((tag) => parse(tag) !== null).toSorted(rcompare);
  return [...versions, ...named.filter((tag) => parse(tag) === null)].slice(0, mostLooks);
}
