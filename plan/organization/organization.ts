import type { OrganizationSpec } from "../../config/organization/organization.ts";
import type { RepositorySettings } from "../../config/organization/repository-settings.ts";

/** Settings of one or more repositories. */
export type RepositoryPlan = RepositorySettings;

/** Everything that is declared of an organization. */
export interface OrganizationPlan extends OrganizationSpec {
  /** Address of GitHub's server for the GitHub provider, with a slash at its end; undefined: github.com. */
  baseUrl: string | undefined;
  /** How long the GitHub provider waits between two writes, in milliseconds. */
  writeDelay: number;
}
