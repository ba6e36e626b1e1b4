import type { OrganizationRulesetInputs } from "../../../providers/organization/organization-ruleset.ts";
import type { ConnectedSandbox } from "../../clients/connected-sandbox.ts";

let number = 0;

/**
 * An organization that no other test has, with repositories of these names; it is one as long as it has a repository.
 * @returns its login
 */
export async function declaredOrganization(
  { sandbox }: ConnectedSandbox,
  repositories: readonly string[] = ["widgets"],
): Promise<string> {
  const organization = `owner-${++number}`;
  for (const name of repositories) {
    await sandbox.github.createRepository(`${organization}/${name}`);
  }
  return organization;
}

/** An organization that no other test has, and the inputs of a ruleset in it. */
export async function declaredRuleset(
  world: ConnectedSandbox,
  changes: Partial<OrganizationRulesetInputs> = {},
): Promise<OrganizationRulesetInputs> {
  return {
    organization: await declaredOrganization(world),
    repositories: ["widgets", "service-*"],
    name: "immutable tags",
    present: true,
    target: "tag",
    enforcement: "active",
    refs: ["refs/tags/v*", "refs/tags/charts/*"],
    bypass: [
      { id: null, type: "OrganizationAdmin" },
      { id: 7, type: "Team" },
    ],
    rules: [{ type: "update" }, { type: "deletion" }],
    ...changes,
  };
}
