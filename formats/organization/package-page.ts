/** The place of a container package, as in GitHub's pages and REST API. */
export interface PackageName {
  /** The account: the first part of the repository's path. */
  owner: string;
  /** What follows it, slashes included. */
  name: string;
}

/**
 * Splits `ghcr.io/acme/charts/app`.
 * @returns undefined if the registry is not GitHub's, or no name follows the owner
 */
export function packageName(repository: string, registry: string): PackageName | undefined {
  const [host, owner, ...name] = repository.split("/");
  return host === registry && owner !== undefined && name.length > 0 ? { owner, name: name.join("/") } : undefined;
}

/**
 * Address of a package's settings page. People change its visibility and Actions access there; no API can.
 * @param web GitHub's web address
 * @param organization false for a person's package
 */
export function settingsPage(web: string, organization: boolean, at: PackageName): string {
  return `${addressContainers(web, organization, at)}/${encodeURIComponent(at.name)}/settings`;
}

/**
 * Address of a package's public page. People link a repository there; no API can.
 * Source: docs.github.com, "Connecting a repository to a package".
 * @param web GitHub's web address
 * @param organization false for a person's package
 */
export function packagePage(web: string, organization: boolean, at: PackageName): string {
  return `${addressContainers(web, organization, at)}/package/${encodeURIComponent(at.name)}`;
}

/**
 * Names the setting, on the page of packagePage(), that links a package to a repository. GitHub documents one for a package without
 * a link, and no way to change an existing link.
 * @param wanted `owner/name`
 * @param linked `owner/name` of the repository that it is linked to; undefined if there is none
 */
export function linkSwitch(wanted: string, linked: string | undefined): string {
  return linked === undefined
    ? `Connect repository → ${wanted}`
    : `link it to ${wanted} instead of ${linked} (GitHub documents \`Connect repository\` for a package without a link, but no way to change a link)`;
}

function addressContainers(web: string, organization: boolean, { owner }: PackageName): string {
  return `${web}/${organization ? "orgs" : "users"}/${owner}/packages/container`;
}
