import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { pagesOf } from "../pages.ts";
import { gitHub } from "../github.ts";

/** For which repositories an organization makes new Releases immutable. */
export interface OrganizationImmutableReleases {
  enforced: "all" | "none" | "selected";
  /** With `selected`: those repositories. */
  selected: { id: number; name: string }[];
}

/**
 * The setting of an organization; of selected repositories one request for each hundred.
 * @throws ServerRefusal 403, 404 where the token may not read it
 */
export async function organizationImmutableReleases(org: string): Promise<OrganizationImmutableReleases> {
  const { orgs } = gitHub().rest;
  const setting = async () => (await orgs.getImmutableReleasesSettings({ org })).data.enforced_repositories;
  const enforced = await setting();
  if (enforced !== "selected") {
    return { enforced, selected: [] };
  }
  const selected: OrganizationImmutableReleases["selected"] = [];
  try {
    for await (const { repositories } of pagesOf(orgs.getImmutableReleasesSettingsRepositories, {
      org,
      per_page: 100,
    })) {
      for (const { id, name } of repositories ?? []) {
        selected.push({ id: Number(id), name });
      }
    }
  } catch (error) {
    // All or none was chosen meanwhile: then GitHub has no list.
    if (!(error instanceof ServerRefusal && error.status === 409)) {
      throw error;
    }
    const now = await setting();
    if (now === "selected") {
      throw error;
    }
    return { enforced: now, selected: [] };
  }
  return { enforced, selected };
}

/**
 * Sets it whole, in one request.
 * @param ids with `selected`: of all repositories that it shall be for; GitHub takes none with the other two
 */
export async function setOrganizationImmutableReleases(
  org: string,
  enforced: OrganizationImmutableReleases["enforced"],
  ids: readonly number[],
): Promise<void> {
  await gitHub().rest.orgs.setImmutableReleasesSettings({
    org,
    enforced_repositories: enforced,
    ...(enforced === "selected" ? { selected_repository_ids: [...ids] } : {}),
  });
}
