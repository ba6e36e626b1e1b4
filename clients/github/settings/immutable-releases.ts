import type { Repository } from "../git-refs.ts";
import { gitHub } from "../github.ts";
import { meansMissing } from "./settings-place.ts";

/** Whether new Releases are immutable. */
export interface ImmutableReleasesSetting {
  enabled: boolean;
  /** True if the organization requires it. */
  enforcedByOwner: boolean;
}

/**
 * Reads the setting of a repository.
 * Source: REST "Check if immutable releases are enabled for a repository": 404 means that they are not.
 * @throws ServerRefusal 403 if the token may not read it; 404 if there is no such repository, or a classic token has no such scope. Such a
 *   404 says nothing about the setting
 */
export async function readImmutableReleases(repository: Repository): Promise<ImmutableReleasesSetting> {
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

/** Switches the setting. @throws ServerRefusal 409 if the organization has decided */
export async function setImmutableReleases(repository: Repository, enabled: boolean): Promise<void> {
  const { repos } = gitHub().rest;
  await (enabled
    ? repos.enableImmutableReleases({ ...repository })
    : repos.disableImmutableReleases({ ...repository }));
}
