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
 * Address of the page where people change what no API can change: visibility, linked repository, Actions access.
 * @param web GitHub's address for people
 * @param organization false for a person's package
 */
export function settingsPage(web: string, organization: boolean, { owner, name }: PackageName): string {
  return `${web}/${organization ? "orgs" : "users"}/${owner}/packages/container/${encodeURIComponent(name)}/settings`;
}
