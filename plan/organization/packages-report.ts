import {
  declarationFor,
  everyOther,
  packageDifferences,
  switchOf,
  switchPage,
} from "../../formats/organization/package-declaration.ts";
import type { PackageDifference, ShownPackages } from "../../formats/organization/package-declaration.ts";
import { settingsPage } from "../../formats/organization/package-page.ts";
import type { OrganizationSpec } from "../../config/organization/organization.ts";

/** One package held against what is declared of it. */
export interface PackageFinding {
  name: string;
  result: "differs" | "cannot be known" | "undeclared" | "as declared";
  /** Each with the page that has its switch. */
  differences: (PackageDifference & { page: string })[];
  /** Why it cannot be known; left out with another result. */
  why?: string;
  /** A token that could find out; left out with another result. */
  needs?: string;
  /** Page of the first difference's switch, of the package's settings where nothing differs, and of all packages for the finding `everyOther`. */
  page: string;
}

/**
 * Holds every package against the organization's declaration. What blocks a release comes first: a declared package that is not there or is
 * linked to another repository refuses its push, a wrong visibility hides what a Release names; then what cannot be known, then what nothing
 * is declared of.
 * @param shown what GitHub shows this login, asked for with the names of the exceptions
 * @param web GitHub's address for people
 */
export function packagesReport(
  { organization, packages }: Pick<OrganizationSpec, "organization" | "packages">,
  { packages: listed, unknown, refusal, hidden }: ShownPackages,
  web: string,
): PackageFinding[] {
  const { rules = [], exceptions = {} } = packages ?? {};
  const missing = Object.keys(exceptions).filter((name) => ![...listed, ...unknown].some((one) => one.name === name));
  const findings: (Omit<PackageFinding, "page" | "differences"> & { differences: PackageDifference[] })[] = [
    ...missing.map((name) => ({
      name,
      result: "differs" as const,
      differences: [{ name, property: "existence" as const, declared: "a package", found: "none" }],
    })),
    ...unknown.map(({ name, why, needs }) => ({
      name,
      result: "cannot be known" as const,
      differences: [],
      why,
      needs,
    })),
    ...listed.map((found) => {
      const declared = exceptions[found.name] ?? declarationFor(found.name, rules);
      const differences = declared ? packageDifferences(found, declared) : [];
      const result = declared === undefined ? "undeclared" : differences.length > 0 ? "differs" : "as declared";
      return { name: found.name, result: result as PackageFinding["result"], differences };
    }),
  ];
  const others = refusal ? unlisted(refusal.words) : hidden;
  return [
    ...findings.map((finding) => {
      const at = { owner: organization, name: finding.name };
      const differences = finding.differences.map((one) => ({ ...one, page: switchPage(one, web, true, at) }));
      return { ...finding, differences, page: differences[0]?.page ?? settingsPage(web, true, at) };
    }),
    ...(others ? [ofOthers(others, `${web}/orgs/${organization}/packages`)] : []),
  ].toSorted((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
}

/** One finding for everything that the rules cover and for everything undeclared: their names are not known. */
function ofOthers({ why, needs }: NonNullable<ShownPackages["hidden"]>, page: string): PackageFinding {
  return { name: everyOther, result: "cannot be known", differences: [], why, needs, page };
}

function unlisted(words: string): NonNullable<ShownPackages["hidden"]> {
  return {
    why: `the list of packages is refused: ${words}`,
    needs: "a classic token with `read:packages`; GitHub lets no other kind list packages",
  };
}

const weights = { existence: 0, repository: 1, visibility: 2 } as const;

function weight({ name, result, differences }: PackageFinding): number {
  if (result === "as declared") {
    return 6;
  }
  if (result === "undeclared") {
    return 5;
  }
  if (result === "cannot be known") {
    return name === everyOther ? 4 : 3;
  }
  return Math.min(...differences.map(({ property }) => weights[property]));
}

/** The report as a Markdown table: packages that match the configuration are counted, not listed. */
export function packagesTable(findings: readonly PackageFinding[]): string {
  const open = findings.filter(({ result }) => result !== "as declared");
  const kept = findings.length - open.length;
  const known = findings.filter(({ name }) => name !== everyOther).length;
  const rows = open.map((finding) => {
    const { name, result } = finding;
    const [what, how, page] = result === "differs" ? differing(finding) : unclear(finding);
    return `| ${name} | ${result} | ${what} | ${how} | ${page} |`;
  });
  return [
    known === findings.length
      ? `${kept} of ${known} packages match the configuration.`
      : `${kept} of the ${known} packages whose names are known match the configuration; others cannot be listed.`,
    ...(rows.length === 0
      ? []
      : ["", "| package | result | what | switch | page |", "| --- | --- | --- | --- | --- |", ...rows]),
  ].join("\n");
}

function differing({ differences }: PackageFinding): [what: string, how: string, where: string] {
  const what = differences.map(({ property, declared, found }) => `${property}: ${found}, declared ${declared}`);
  const pages = new Set(differences.map(({ page }) => page));
  return [what.join("<br>"), differences.map((one) => switchOf(one)).join("<br>"), [...pages].join("<br>")];
}

function unclear({ why, needs, page }: PackageFinding): [what: string, how: string, where: string] {
  return why === undefined ? ["no rule fits", "a rule, or an exception", page] : [why, `ask with ${needs}`, page];
}
