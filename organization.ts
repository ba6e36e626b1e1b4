import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "./clients/github.ts";
import { writeDelay } from "./clients/github-pace.ts";
import { configurationError } from "./errors/configuration-error.ts";
import { OrganizationSettings } from "./resources/organization-settings.ts";
import { readOrganization } from "./spec/organization.ts";

/**
 * The program of an organization's stack: spec → graph.
 * @returns no releases
 * @throws ReleaseError with every mistake of the configuration, before any resource exists
 */
export async function declareOrganization(config: Readonly<Record<string, string>>): Promise<[]> {
  const { spec, mistakes } = readOrganization(config, process.env);
  if (spec === undefined) throw configurationError(mistakes, "docs/organization.md");
  const web = gitHubWeb();
  const { settings } = new OrganizationSettings({
    ...spec,
    writeDelay: writeDelay(),
    baseUrl: web === "https://github.com" ? undefined : `${web}/`,
  });
  void pulumi.log.info(`${spec.organization}: ${settings.length} resources hold its settings`);
  return [];
}
