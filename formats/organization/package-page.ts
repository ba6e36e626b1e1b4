/** Where a container package is, as GitHub's pages and REST name it. */
export interface PackageName {
  /** The account: the first part of the repository's path. */
  owner: string;
  /** What follows it, slashes included. */
  name: string;
}

/**
 * Splits `ghcr.io/acme/charts/app`.
 * @returns undefined where the registry is not GitHub's, or no name follows the owner
 */
export function packageName(repository: string, registry: string): PackageName | undefined {
  const [host, owner, ...name] = repository.split("/");
  return host === registry && owner !== undefined && name.length > 0 ? { owner, name: name.join("/") } : undefined;
}

/**
 * Address of the page of a package's settings, where people change its visibility and Actions access, which no API can.
 * @param web GitHub's address for people
 * @param organization false for a person's package
 */
export function settingsPage(web: string, organization: boolean, at: PackageName): string {
  return `${containers(web, organization, at)}/${encodeURIComponent(at.name)}/settings`;
}

/**
 * Address of the page that everybody sees of a package. People link a repository there, which no API can.
 * Source: docs.github.com, "Connecting a repository to a package".
 * @param web GitHub's address for people
 * @param organization false for a person's package
 */
export function packagePage(web: string, organization: boolean, at: PackageName): string {
  return `${containers(web, organization, at)}/package/${encodeURIComponent(at.name)}`;
}

/**
 * Which switch of packagePage() links a package to a repository. GitHub's documentation has one for a package without a link, and names
 * no way from one repository to another.
 * @param wanted `owner/name`
 * @param linked `owner/name` of what it is linked to; undefined: to nothing
 */
export function linkSwitch(wanted: string, linked: string | undefined): string {
  return linked === undefined
    ? `Connect repository → ${wanted}`
    : `link it to ${wanted} instead of ${linked} (GitHub documents \`Connect repository\` for a package without a link, and no switch that changes one)`;
}

function containers(web: string, organization: boolean, { owner }: PackageName): string {
  return `${web}/${organization ? "orgs" : "users"}/${owner}/packages/container`;
}
