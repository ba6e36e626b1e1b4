import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type { Repository } from "../git-refs.ts";
import { gitHub } from "../github.ts";

/** Where a setting is: in one repository, or in an organization by its login. */
export type SettingsPlace = Repository | { org: string };

/**
 * Whether a look at a setting failed because the place itself is not there: GitHub answers 404 for the place as well. A repository that the
 * token may not see is answered the same, so to this token it is gone. A classic token that lacks a scope proves nothing by its 404.
 * @param error what the look failed with; anything but a 404 is no sign, and costs no request
 * @throws ServerRefusal where the place cannot be asked: 401, 403, 5xx, no answer, 404 for want of a scope
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

/** Whether an error is a 404 that says so of the thing, and not of a scope that a classic token lacks. */
export function meansMissing(error: unknown): boolean {
  return error instanceof ServerRefusal && error.status === 404 && error.missing === undefined;
}
