import { ApiError, validationFailed } from "../api/api-error.ts";
import type { FieldError } from "../api/api-error.ts";
import type { RepositoryCall } from "../api/call.ts";
import { isForbidden } from "../rulesets/rules-enforcement.ts";
import type { Settings } from "../store/settings-store.ts";
import type { ReleaseRecord, RepositoryRecord } from "../store/store.ts";

/** Whether the organization decides that a repository's releases are immutable. */
export function isEnforced(settings: Settings, { owner, id }: RepositoryRecord): boolean {
  const { enforced, selectedRepositories } = settings.organization(owner).immutableReleases;
  return enforced === "all" || (enforced === "selected" && selectedRepositories.includes(id));
}

/** Whether a release that is published now becomes immutable. Those that were published before stay as they are. */
export function isImmutable(settings: Settings, record: RepositoryRecord): boolean {
  return isEnforced(settings, record) || settings.repository(`${record.owner}/${record.name}`).immutableReleases;
}

/**
 * Refuses to publish a release if a rule forbids creating its tag, or if a deleted immutable release used up the tag's
 * name, with GitHub's errors for both (https://github.com/github-community-projects/ospo-reusable-workflows/issues/83).
 */
export function refuseForbiddenTag(call: RepositoryCall, tag: string, exists: boolean): void {
  const burnt = call.settings.repository(call.fullName).burntTags.includes(tag);
  const forbidden = !exists && isForbidden(call, { name: `refs/tags/${tag}`, kind: "creation" });
  const errors: FieldError[] = [
    ...(forbidden ? [error("pre_receive", `pre_receive ${violation}`)] : []),
    ...(burnt ? [error("tag_name", "tag_name was used by an immutable release")] : []),
    ...(forbidden
      ? [{ resource: "Release", code: "custom", message: "Published releases must have a valid tag" } as const]
      : []),
  ];
  if (errors.length > 0) {
    throw validationFailed(...errors);
  }
}

/** Refuses changes to the fixed parts of a public immutable release: tag, target and publication. Name, notes and marks may change. */
export function refuseFrozen(release: ReleaseRecord, next: ReleaseRecord): void {
  const changed = release.tag !== next.tag || release.target !== next.target || next.draft;
  if (release.immutable === true && changed) {
    throw new ApiError(422, "Cannot change the tag of an immutable release.");
  }
}

/** Refuses changes to the assets of an immutable release; only the words about uploads are known to be GitHub's. */
export function refuseAssetChange(release: ReleaseRecord, what: "upload" | "update" | "delete"): void {
  if (release.immutable === true) {
    throw new ApiError(422, `Cannot ${what} assets ${what === "upload" ? "to" : "of"} an immutable release.`);
  }
}

/** Burns the tag's name of an immutable release that is deleted. */
export async function burnTag({ settings, fullName }: RepositoryCall, release: ReleaseRecord): Promise<void> {
  if (release.immutable === true) {
    settings.repository(fullName).burntTags.push(release.tag);
    await settings.save();
  }
}

const violation = "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n";

function error(field: string, message: string): FieldError {
  return { resource: "Release", code: "custom", field, message };
}
