import { parseArgs } from "node:util";
import { gitHubWeb } from "../clients/github/github.ts";
import { organizationPackages } from "../clients/github/packages/organization-packages.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { explaining } from "../errors/explained.ts";
import { shownLines } from "../errors/shown-text.ts";
import { packagesReport, packagesTable } from "../plan/organization/packages-report.ts";
import { readOrganization } from "../config/organization/organization.ts";
import { stackConfig } from "./stack/stack-config.ts";

/**
 * `npm run packages -- --config-file FILE`: every container package of an organization held against what is declared, as a Markdown table.
 * Looks only; what differs is set by a person on the page that is named. What this login is not shown cannot be known, and is said so.
 * @param args `--stack NAME` (its file in this folder, default `org`) or `--config-file FILE`; `--json` prints the same as JSON
 * @returns 0 where all that is declared is so, 1 where something differs or cannot be known
 */
export async function packages(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", short: "s", default: "org" },
      "config-file": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const file = values["config-file"] ?? `Pulumi.${values.stack}.yaml`;
  const { spec, mistakes } = readOrganization(await stackConfig(file), process.env);
  if (spec === undefined) {
    throw configurationError(mistakes, "docs/organization.md");
  }
  const { organization, packages: declared } = spec;
  const shown = await explaining(`listing the packages of ${organization}`, () =>
    organizationPackages(organization, Object.keys(declared?.exceptions ?? {}), (declared?.rules ?? []).length > 0),
  );
  const findings = packagesReport(spec, shown, gitHubWeb());
  const text = values.json ? JSON.stringify(findings, undefined, 2) : packagesTable(findings);
  // What shownLines() writes for a character is how JSON writes it, too.
  process.stdout.write(`${shownLines(text)}\n`);
  return findings.some(({ result }) => result === "differs" || result === "cannot be known") ? 1 : 0;
}
