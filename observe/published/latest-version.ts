import { compare } from "semver";
import { repositoryOf } from "../../clients/github/git-refs.ts";
import { allReleases } from "../../clients/github/release/releases.ts";
import { runStep } from "../../errors/explain-error.ts";
import { versionIn } from "../../formats/release/tag-pattern.ts";

/**
 * Finds the highest stable version of a unit that has a published Release.
 * @param repository `owner/name`
 * @param tagPattern of the unit: `app-v{version}`
 * @returns undefined if none is published
 * @throws ReleaseError
 */
export async function findLatestVersion(repository: string, tagPattern: string): Promise<string | undefined> {
  const releases = await runStep(`searching for Releases of ${tagPattern} in ${repository}`, () =>
    allReleases(repositoryOf(repository)),
  );
  const versions = releases.flatMap(({ draft, prerelease, tag_name: tag }) => {
    const version = draft || prerelease ? undefined : versionIn(tagPattern, tag);
    return version === undefined || version.includes("-") ? [] : [version];
  });
  return versions.toSorted(compare).at(-1);
}
