import { gitHub } from "./github.ts";

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
  const { rest, paginate } = gitHub();
  const setting = async () => (await rest.orgs.getImmutableReleasesSettings({ org })).data.enforced_repositories;
  const enforced = await setting();
  if (enforced !== "selected") return { enforced, selected: [] };
  const all = await paginate(rest.orgs.getImmutableReleasesSettingsRepositories, { org, per_page: 100 });
  // Where somebody chose all or none meanwhile GitHub has no list and answers 409, which Octokit's paginate takes for an empty one.
  if (all.length === 0) return { enforced: await setting(), selected: [] };
  return { enforced, selected: all.map(({ id, name }) => ({ id: Number(id), name })) };
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
