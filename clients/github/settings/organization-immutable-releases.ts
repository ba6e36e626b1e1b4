import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { readPages } from "../pages.ts";
import { gitHub } from "../github.ts";

/** The repositories whose new Releases an organization makes immutable. */
export interface OrganizationImmutableReleases {
  enforced: "all" | "none" | "selected";
  /** With `selected`: those repositories. */
  selected: { id: number; name: string }[];
}

/**
 * Reads the setting of an organization, with one request per hundred selected repositories.
 * @throws ServerRefusal 403, 404 if the token may not read it
 */
export async function readOrganizationImmutableReleases(org: string): Promise<OrganizationImmutableReleases> {
  const { orgs } = gitHub().rest;
  const setting = async () => (await orgs.getImmutableReleasesSettings({ org })).data.enforced_repositories;
  const enforced = await setting();
  if (enforced !== "selected") {
    return { enforced, selected: [] };
  }
  const selected: OrganizationImmutableReleases["selected"] = [];
  try {
    for await (const { repositories } of readPages(orgs.getImmutableReleasesSettingsRepositories, {
      org,
      per_page: 100,
    })) {
      for (const { id, name } of repositories ?? []) {
        selected.push({ id: Number(id), name });
      }
    }
  } catch (error) {
    // Someone chose all or none meanwhile: then GitHub has no list.
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
 * Sets everything in one request.
 * @param ids with `selected`: the ids of all selected repositories; GitHub accepts none with the other two
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
