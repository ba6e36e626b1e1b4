import { gitHubWeb } from "../clients/github/github.ts";
import { organizationPackages } from "../clients/github/packages/organization-packages.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { runStep } from "../errors/explain-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import { packagesReport, packagesTable } from "../plan/organization/packages-report.ts";
import { readOrganization } from "../config/organization/organization.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { configFileOf, readStackConfig } from "./stack/stack-config.ts";

/**
 * `npm run packages`: compares every container package of an organization with its configuration, and prints a Markdown table or JSON.
 * Writes nothing; a person changes what differs, on the page that the table names. What GitHub does not show to this login "cannot be known".
 * @returns 0 if all packages are in line with the configuration, 1 if one differs or cannot be known
 * @throws Misuse; ReleaseError CONFIGURATION_INVALID, or what GitHub refused
 */
export async function packages(args: readonly string[]): Promise<number> {
  const { values } = readArguments("packages", args);
  const { spec, mistakes } = readOrganization(await readStackConfig(configFileOf(values)), process.env);
  if (spec === undefined) {
    throw configurationError(mistakes, "docs/organization.md");
  }
  const { organization, packages: declared } = spec;
  const shown = await runStep(`listing the packages of ${organization}`, () =>
    organizationPackages(organization, Object.keys(declared?.exceptions ?? {}), (declared?.rules ?? []).length > 0),
  );
  const findings = packagesReport(spec, shown, gitHubWeb());
  const text = values.json ? JSON.stringify(findings, undefined, 2) : packagesTable(findings);
  // JSON writes a character in the same way as shownLines().
  process.stdout.write(`${shownLines(text)}\n`);
  return findings.some(({ result }) => result === "differs" || result === "cannot be known") ? 1 : 0;
}
