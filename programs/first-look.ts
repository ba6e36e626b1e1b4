import * as pulumi from "@pulumi/pulumi";
import { gitHubWeb } from "../clients/github/github.ts";
import { organizationPackages } from "../clients/github/packages/organization-packages.ts";
import { rulesetNamed } from "../clients/github/settings/rulesets.ts";
import { runStep } from "../errors/explain-error.ts";
import { ReleaseError } from "../errors/release-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import { rulesetNames } from "../formats/organization/ruleset-names.ts";
import { packagesReport, packagesTable } from "../plan/organization/packages-report.ts";
import type { OrganizationSpec } from "../config/organization/organization.ts";
import type { RepositorySettings } from "../config/organization/repository-settings.ts";

/** Rows of a table in a warning; the rest is counted. */
const shown = 20;

/**
 * Looks at what a stack meets that has not succeeded yet, and warns. The engine asks nothing about a resource that is going to be made, so
 * its own preview shows no difference and no missing right before there is a state.
 */
export async function firstLook(spec: OrganizationSpec): Promise<void> {
  const { organization, repositories } = spec;
  const looks = await Promise.allSettled([
    packages(spec),
    rulesets(organization, { org: organization }, spec),
    ...repositories.flatMap(({ names, ...presets }) =>
      names.map((repo) => rulesets(`${organization}/${repo}`, { owner: organization, repo }, presets)),
    ),
  ]);
  for (const look of looks) {
    if (look.status === "fulfilled") {
      for (const line of look.value) {
        void pulumi.log.warn(shownLines(line));
      }
    } else if (look.reason instanceof ReleaseError) {
      void pulumi.log.warn(look.reason.message);
    } else {
      throw look.reason;
    }
  }
}

async function packages(spec: OrganizationSpec): Promise<string[]> {
  if (spec.packages === undefined) {
    return [];
  }
  const { rules, exceptions } = spec.packages;
  const found = await runStep(`listing the packages of ${spec.organization}`, () =>
    organizationPackages(spec.organization, Object.keys(exceptions), rules.length > 0),
  );
  const open = packagesReport(spec, found, gitHubWeb()).filter(
    ({ result }) => result === "differs" || result === "cannot be known",
  );
  if (open.length === 0) {
    return [];
  }
  const rest = open.length > shown ? `\nand ${open.length - shown} more: \`npm run packages\` lists all` : "";
  return [`\`up\` would be refused: ${packagesTable(open.slice(0, shown))}${rest}`];
}

type Place = Parameters<typeof rulesetNamed>[0];
type Presets = Pick<RepositorySettings, "immutableTags" | "releaseProtection" | "freeze">;

async function rulesets(name: string, place: Place, presets: Presets): Promise<string[]> {
  const { immutableTags, releaseProtection, freeze } = presets;
  const declared = [
    ...(immutableTags ? [rulesetNames.immutableTags] : []),
    ...(releaseProtection ? [rulesetNames.releaseProtection] : []),
    ...(freeze ? [freeze.name] : []),
  ];
  const found = await runStep(`looking for rulesets of ${name}`, () =>
    Promise.all(declared.map(async (one) => ((await rulesetNamed(place, one)) ? [one] : []))),
  );
  return found.flat().map((one) => {
    const lifted = freeze?.name === one && !freeze.present;
    const what = lifted ? "removes it" : "replaces all of it, who may bypass it included";
    return `${name} has a ruleset \`${one}\` already: \`up\` ${what}.`;
  });
}
