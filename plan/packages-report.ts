import { declarationFor, packageDifferences, switchOf } from "../formats/package-declaration.ts";
import type { ListedPackage, PackageDifference } from "../formats/package-declaration.ts";
import { settingsPage } from "../formats/package-page.ts";
import type { OrganizationSpec } from "../spec/organization.ts";

/** One package held against what is declared of it. */
export interface PackageFinding {
  name: string;
  result: "differs" | "undeclared" | "as declared";
  differences: PackageDifference[];
  /** Page of the package's settings. */
  page: string;
}

/**
 * Holds every package against the organization's declaration. What blocks a release comes first: a declared package that is not there or is
 * linked to another repository refuses its push, a wrong visibility hides what a Release names; then what nothing is declared of.
 * @param web GitHub's address for people
 */
export function packagesReport(
  { organization, packages }: Pick<OrganizationSpec, "organization" | "packages">,
  listed: readonly ListedPackage[],
  web: string,
): PackageFinding[] {
  const { rules = [], exceptions = {} } = packages ?? {};
  const missing = Object.keys(exceptions).filter((name) => !listed.some((found) => found.name === name));
  const findings = [
    ...missing.map((name) => ({
      name,
      result: "differs" as const,
      differences: [{ name, property: "existence" as const, declared: "a package", found: "none" }],
    })),
    ...listed.map((found) => {
      const declared = exceptions[found.name] ?? declarationFor(found.name, rules);
      const differences = declared ? packageDifferences(found, declared) : [];
      const result = declared === undefined ? "undeclared" : differences.length > 0 ? "differs" : "as declared";
      return { name: found.name, result: result as PackageFinding["result"], differences };
    }),
  ];
  return findings
    .map((finding) => ({ ...finding, page: settingsPage(web, true, { owner: organization, name: finding.name }) }))
    .toSorted((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
}

const weights = { existence: 0, repository: 1, visibility: 2 } as const;

function weight({ result, differences }: Omit<PackageFinding, "page">): number {
  if (result === "as declared") return 4;
  if (result === "undeclared") return 3;
  return Math.min(...differences.map(({ property }) => weights[property]));
}

/** The report as a Markdown table: what is as declared is counted, not listed. */
export function packagesTable(findings: readonly PackageFinding[]): string {
  const open = findings.filter(({ result }) => result !== "as declared");
  const kept = findings.length - open.length;
  const rows = open.map(({ name, result, differences, page }) => {
    const what = differences.map(({ property, declared, found }) => `${property}: ${found}, declared ${declared}`);
    return `| ${name} | ${result} | ${what.join("<br>") || "no rule fits"} | ${differences.map((one) => switchOf(one)).join("<br>") || "a rule, or an exception"} | ${page} |`;
  });
  return [
    `${kept} of ${findings.length} packages are as declared.`,
    ...(rows.length === 0
      ? []
      : ["", "| package | result | what | switch | page |", "| --- | --- | --- | --- | --- |", ...rows]),
  ].join("\n");
}
