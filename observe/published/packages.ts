import { containerPackages } from "../../clients/packages.ts";
import type { ListedPackage } from "../../formats/package-declaration.ts";

/**
 * All container packages of an organization, in one request for each hundred.
 * @throws ServerRefusal 403 where the token may not list them: a classic token with `read:packages` may
 */
export async function observePackages(organization: string): Promise<ListedPackage[]> {
  const all = await containerPackages(organization);
  return all.map(({ name, visibility, repository }) => ({ name, visibility, repository: repository?.full_name }));
}
