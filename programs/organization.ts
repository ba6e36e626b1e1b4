import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "../clients/github/github.ts";
import { writeDelay } from "../clients/github/pace.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { firstLook } from "./first-look.ts";
import { otherOwner } from "../plan/organization/stack-owner.ts";
import { OrganizationSettings } from "../resources/organization/organization-settings.ts";
import { ownOutputs } from "../resources/own-outputs.ts";
import { readOrganization } from "../config/organization/organization.ts";

/**
 * The program of an organization's stack: config → graph.
 * @returns no units, and whose settings the stack holds now
 * @throws ReleaseError with every mistake of the configuration, before any resource exists
 */
export async function declareOrganization(
  config: Readonly<Record<string, string>>,
): Promise<{ units: Record<string, never>; organization: string }> {
  const { spec, mistakes } = readOrganization(config, process.env);
  const page = "docs/organization.md";
  if (spec === undefined) {
    throw configurationError(mistakes, page);
  }
  const before = await ownOutputs();
  const others = otherOwner(spec.organization, before);
  if (others.length > 0) {
    throw configurationError(others, page);
  }
  if (pulumi.runtime.isDryRun() && before.organization === undefined) {
    await firstLook(spec);
  }
  const web = gitHubWeb();
  const { settings } = new OrganizationSettings({
    ...spec,
    writeDelay: writeDelay(),
    baseUrl: web === "https://github.com" ? undefined : `${web}/`,
  });
  void pulumi.log.info(`${spec.organization}: ${settings.length} resources hold its settings`);
  return { units: {}, organization: spec.organization };
}
