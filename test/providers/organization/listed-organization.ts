import type { SeededPackage } from "../../../sandbox/github/packages/package-control.ts";
import type { ConnectedSandbox } from "../../clients/connected-sandbox.ts";

let number = 0;

/**
 * An organization that no other test has, with these packages: the process keeps what it listed of each.
 * @param packages by name below the organization; unless told they are private and linked to nothing
 */
export async function listedOrganization(
  { sandbox }: ConnectedSandbox,
  packages: Readonly<Record<string, Partial<SeededPackage>>>,
): Promise<string> {
  const organization = `org-${++number}`;
  await sandbox.github.packages.setOwner(organization, { type: "organization" });
  const seeds = Object.entries(packages).map(([name, settings]) => ({ ...settings, name: `${organization}/${name}` }));
  await sandbox.github.packages.seed(seeds);
  return organization;
}

/** Status of each listing of an organization's packages since a mark of the journal. */
export function listings({ sandbox }: ConnectedSandbox, mark: number, organization: string): number[] {
  const path = new RegExp(`/orgs/${organization}/packages\\?`);
  return sandbox.journal.since(mark, { door: "github", path }).map(({ status }) => status);
}
