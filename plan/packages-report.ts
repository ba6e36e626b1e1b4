import { declarationFor, packageDifferences, switchOf } from "../formats/package-declaration.ts";
import type { PackageDifference, ShownPackages } from "../formats/package-declaration.ts";
import { settingsPage } from "../formats/package-page.ts";
import type { OrganizationSpec } from "../spec/organization.ts";

/** One package held against what is declared of it. */
export interface PackageFinding {
  name: string;
  result: "differs" | "cannot be known" | "undeclared" | "as declared";
  differences: PackageDifference[];
  /** Why it cannot be known; left out with another result. */
  why?: string;
  /** A token that would be told; left out with another result. */
  needs?: string;
  /** Page of the package's settings; of all packages for the finding `everyOther`. */
  page: string;
}

/** Name of the finding that stands for all packages that only a list would show. */
export const everyOther = "every other package";

/**
 * Holds every package against the organization's declaration. What blocks a release comes first: a declared package that is not there or is
 * linked to another repository refuses its push, a wrong visibility hides what a Release names; then what cannot be known, then what nothing
 * is declared of.
 * @param shown what GitHub shows this login, asked for with the names of the exceptions
 * @param web GitHub's address for people
 */
export function packagesReport(
  { organization, packages }: Pick<OrganizationSpec, "organization" | "packages">,
  { packages: listed, unknown, refusal }: ShownPackages,
  web: string,
): PackageFinding[] {
  const { rules = [], exceptions = {} } = packages ?? {};
  const missing = Object.keys(exceptions).filter((name) => ![...listed, ...unknown].some((one) => one.name === name));
  const findings: Omit<PackageFinding, "page">[] = [
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
  const pageOf = (name: string): string => settingsPage(web, true, { owner: organization, name });
  return [
    ...findings.map((finding) => ({ ...finding, page: pageOf(finding.name) })),
    ...(refusal ? [unlisted(organization, refusal.words, web)] : []),
  ].toSorted((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
}

/** One finding for all that the rules would hold for, and for all that nothing is declared of: without the list nobody knows their names. */
function unlisted(organization: string, words: string, web: string): PackageFinding {
  return {
    name: everyOther,
    result: "cannot be known",
    differences: [],
    why: `the list of packages is refused: ${words}`,
    needs: "a classic token with `read:packages`; GitHub lets no other kind list packages",
    page: `${web}/orgs/${organization}/packages`,
  };
}

const weights = { existence: 0, repository: 1, visibility: 2 } as const;

function weight({ name, result, differences }: PackageFinding): number {
  if (result === "as declared") return 6;
  if (result === "undeclared") return 5;
  if (result === "cannot be known") return name === everyOther ? 4 : 3;
  return Math.min(...differences.map(({ property }) => weights[property]));
}

/** The report as a Markdown table: what is as declared is counted, not listed. */
export function packagesTable(findings: readonly PackageFinding[]): string {
  const open = findings.filter(({ result }) => result !== "as declared");
  const kept = findings.length - open.length;
  const known = findings.filter(({ name }) => name !== everyOther).length;
  const rows = open.map((finding) => {
    const { name, result, page } = finding;
    const [what, how] = result === "differs" ? differing(finding) : lacking(finding);
    return `| ${name} | ${result} | ${what} | ${how} | ${page} |`;
  });
  return [
    known === findings.length
      ? `${kept} of ${known} packages are as declared.`
      : `${kept} of the ${known} packages that are declared by name are as declared; the list of all is refused.`,
    ...(rows.length === 0
      ? []
      : ["", "| package | result | what | switch | page |", "| --- | --- | --- | --- | --- |", ...rows]),
  ].join("\n");
}

function differing({ differences }: PackageFinding): [what: string, how: string] {
  const what = differences.map(({ property, declared, found }) => `${property}: ${found}, declared ${declared}`);
  return [what.join("<br>"), differences.map((one) => switchOf(one)).join("<br>")];
}

function lacking({ why, needs }: PackageFinding): [what: string, how: string] {
  return why === undefined ? ["no rule fits", "a rule, or an exception"] : [why, `ask with ${needs}`];
}
