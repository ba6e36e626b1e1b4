import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type { Repository } from "../git-refs.ts";
import { gitHub } from "../github.ts";

/** The place of a setting: one repository, or an organization by its login. */
export type SettingsPlace = Repository | { org: string };

/**
 * Whether reading a setting failed because the place itself does not exist: GitHub also answers 404 for the place. It gives the same
 * answer for a repository that the token may not see, so for this token it is gone. A 404 because of a classic token's missing scope
 * proves nothing.
 * @param error the failure of the read; anything but a 404 means false, and costs no request
 * @throws ServerRefusal if the place cannot be read: 401, 403, 5xx, no answer, 404 because of a missing scope
 */
export async function isGone(place: SettingsPlace, error: unknown): Promise<boolean> {
  if (!meansMissing(error)) {
    return false;
  }
  const { repos, orgs } = gitHub().rest;
  try {
    await ("org" in place ? orgs.get({ ...place }) : repos.get({ ...place }));
    return false;
  } catch (ofPlace) {
    if (meansMissing(ofPlace)) {
      return true;
    }
    throw ofPlace;
  }
}

/** Whether an error is a 404 about the thing itself, not about a classic token's missing scope. */
export function meansMissing(error: unknown): boolean {
  return error instanceof ServerRefusal && error.status === 404 && error.missing === undefined;
}
