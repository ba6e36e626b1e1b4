import type { RefusedPackage } from "../../clients/github/packages/organization-packages.ts";
import { explainRefusal } from "../../errors/explain-error.ts";
import type { ServerRefusal } from "../../errors/server-refusal.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import type { FailureParts } from "../../errors/step-failure.ts";
import { everyOther, switchOf, switchPage } from "../../formats/organization/package-declaration.ts";
import type { PackageDifference, PackageRule, ShownPackages } from "../../formats/organization/package-declaration.ts";

/** What stands in the state where nothing differs. */
export const asDeclared = "as declared";

const onlyLooks = "yes, it only looks";

/** Differences that are told one by one; of more only the number is. */
const shown = 20;

/** Differences in one line, for a preview. */
export function differenceText(differences: readonly PackageDifference[]): string {
  return cut(differences.map(one)).join("; ");
}

/** What stands in the place of what is declared where nobody can tell with this login. */
export function cannotBeKnown(why: string): string {
  return `cannot be known: ${why}`;
}

/** One declared package that this login is not shown. */
export function packageUnknown({ name, why, needs, refusal }: RefusedPackage): StepFailure {
  if (refusal) {
    return stillUnknown(explainRefusal(refusal), [`${name}: cannot be known with this token`]);
  }
  return new StepFailure({
    code: "NOT_FOUND",
    reason: `${name}: ${cannotBeKnown(why)}`,
    meaning: "With this login nobody can tell whether the package is there, and is as declared. Nothing was changed.",
    fix: `Set GITHUB_TOKEN to ${needs}.`,
    rerun: onlyLooks,
  });
}

/**
 * The list of an organization's packages may lack some, of which nobody can tell whether they are as the rules say. Those that it has are
 * as declared.
 */
export function packagesHidden({ why, needs }: NonNullable<ShownPackages["hidden"]>): StepFailure {
  return new StepFailure({
    code: "NOT_FOUND",
    reason: `${everyOther}: ${cannotBeKnown(why)}`,
    meaning:
      "What this login is shown is as declared. Whether there are other packages, and how they are, nobody can tell with it.",
    fix: `Set GITHUB_TOKEN to ${needs}.`,
    rerun: onlyLooks,
  });
}

/** The list of an organization's packages is refused: no rule can be held against anything. */
export function listRefused(rules: readonly PackageRule[], refusal: ServerRefusal): StepFailure {
  return stillUnknown(
    explainRefusal(refusal),
    cut(rules.map(({ match }) => `${match}: cannot be known with this token`)),
  );
}

function stillUnknown(parts: FailureParts, unknown: readonly string[]): StepFailure {
  return new StepFailure({ ...parts, reason: [parts.reason, ...unknown].join("\n"), rerun: onlyLooks });
}

/** What a person must set, with the page of each package. */
export function packagesDiffer(
  organization: string,
  differences: readonly PackageDifference[],
  web: string,
): StepFailure {
  return new StepFailure({
    code: "PACKAGE_DIFFERS",
    reason: cut(differences.map(one)).join("\n"),
    meaning: "GitHub has no API that sets these: a person has to. Nothing was changed.",
    fix: cut(differences.map((difference) => whereToSet(difference, organization, web))).join("\n"),
    rerun: onlyLooks,
  });
}

function one({ name, property, declared, found }: PackageDifference): string {
  return `${name}: ${property} is ${found}, declared ${declared}`;
}

function whereToSet(difference: PackageDifference, organization: string, web: string): string {
  if (difference.property === "existence") {
    return `${difference.name}: ${switchOf(difference)}`;
  }
  const page = switchPage(difference, web, true, { owner: organization, name: difference.name });
  return `${page} → ${switchOf(difference)}`;
}

function cut(lines: string[]): string[] {
  if (lines.length <= shown) {
    return lines;
  }
  return [...lines.slice(0, shown), `and ${lines.length - shown} more: \`npm run packages\` lists all`];
}
