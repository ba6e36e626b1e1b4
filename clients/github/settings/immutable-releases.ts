import type { Repository } from "../git-refs.ts";
import { gitHub } from "../github.ts";
import { meansMissing } from "./settings-place.ts";

/** Whether new Releases are immutable. */
export interface ImmutableReleasesSetting {
  enabled: boolean;
  /** True where the organization asks for it. */
  enforcedByOwner: boolean;
}

/**
 * The setting of a repository.
 * Source: REST "Check if immutable releases are enabled for a repository": 404 means that they are not.
 * @throws ServerRefusal 403 where the token may not read it; 404 where there is no such repository, or where a classic token lacks the
 *   scope, so that the 404 says nothing of the setting
 */
export async function immutableReleases(repository: Repository): Promise<ImmutableReleasesSetting> {
  const { repos } = gitHub().rest;
  try {
    const { data } = await repos.checkImmutableReleases({ ...repository });
    return { enabled: data.enabled, enforcedByOwner: data.enforced_by_owner };
  } catch (error) {
    if (!meansMissing(error)) {
      throw error;
    }
    await repos.get({ ...repository });
    return { enabled: false, enforcedByOwner: false };
  }
}

/** Switches it. @throws ServerRefusal 409 where the organization has decided */
export async function setImmutableReleases(repository: Repository, enabled: boolean): Promise<void> {
  const { repos } = gitHub().rest;
  await (enabled
    ? repos.enableImmutableReleases({ ...repository })
    : repos.disableImmutableReleases({ ...repository }));
}
