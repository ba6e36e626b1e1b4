import { repositoryOf } from "../../clients/github/git-refs.ts";
import { readImmutableReleases } from "../../clients/github/settings/immutable-releases.ts";
import { runStep } from "../../errors/explain-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";

/**
 * Whether Releases published now are immutable.
 * @param repository `owner/name`
 * @returns undefined if the token may not read the setting
 * @throws ReleaseError if GitHub does not answer
 */
export async function observeImmutability(repository: string): Promise<boolean | undefined> {
  return runStep(`checking whether Releases of ${repository} are immutable`, async () => {
    try {
      return (await readImmutableReleases(repositoryOf(repository))).enabled;
    } catch (error) {
      if (error instanceof ServerRefusal && (error.denied || error.status === 404)) {
        return undefined;
      }
      throw error;
    }
  });
}
