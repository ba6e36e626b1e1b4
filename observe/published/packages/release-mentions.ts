import { repositoryOf } from "../../../clients/github/git-refs.ts";
import type { Repository } from "../../../clients/github/git-refs.ts";
import { readAssetText } from "../../../clients/github/release/release-assets.ts";
import { allReleases, listAssets } from "../../../clients/github/release/releases.ts";
import type { Release } from "../../../clients/github/release/releases.ts";
import { runStep } from "../../../errors/explain-error.ts";
import { findDigests } from "../../../formats/artifact/manifest-references.ts";
import { recordName } from "../../../formats/release/release-record.ts";

/**
 * Finds every digest that a Release of a repository names, in its record or in its text, whoever wrote it. Drafts count if the token may
 * see them. A record is read as text, so that one in a later format also keeps its digests.
 * @param repository `owner/name`
 * @returns by digest: the tag of a Release that names it
 * @throws ReleaseError
 */
export async function observeReleaseMentions(repository: string): Promise<Map<string, string>> {
  const at = repositoryOf(repository);
  return runStep(`reading the digests in the Releases of ${repository}`, async () => {
    const releases = await allReleases(at);
    const texts = await Promise.all(
      releases.map(async (release) => `${release.body ?? ""}\n${await readRecordText(at, release)}`),
    );
    return new Map(
      texts.flatMap((text, index) =>
        findDigests(text).map((digest) => [digest, releases[index]?.tag_name ?? ""] as const),
      ),
    );
  });
}

async function readRecordText(repository: Repository, release: Release): Promise<string> {
  const isRecord = ({ name, state }: { name: string; state: string }): boolean =>
    name === recordName && state === "uploaded";
  // A Release lists only the first of its assets.
  const asset = release.assets.find(isRecord) ?? (await listAssets(repository, release.id)).find(isRecord);
  return asset === undefined ? "" : readAssetText(repository, asset);
}
