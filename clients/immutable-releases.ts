import type { Repository } from "./git-refs.ts";
import { gitHub, orMissing } from "./github.ts";

/** Whether new Releases are immutable. */
export interface ImmutableReleasesSetting {
  enabled: boolean;
  /** True where the organization asks for it. */
  enforcedByOwner: boolean;
}

/**
 * The setting of a repository.
 * Source: REST "Check if immutable releases are enabled for a repository": 404 means that they are not.
 * @throws ServerRefusal 403 where the token may not read it
 */
export async function immutableReleases(repository: Repository): Promise<ImmutableReleasesSetting> {
  const answer = await orMissing(gitHub().rest.repos.checkImmutableReleases({ ...repository }));
  return { enabled: answer?.data.enabled ?? false, enforcedByOwner: answer?.data.enforced_by_owner ?? false };
}

/** Switches it. @throws ServerRefusal 409 where the organization has decided */
export async function setImmutableReleases(repository: Repository, enabled: boolean): Promise<void> {
  const { repos } = gitHub().rest;
  await (enabled
    ? repos.enableImmutableReleases({ ...repository })
    : repos.disableImmutableReleases({ ...repository }));
}
