import type { RefusedPackage } from "../../clients/github/packages/organization-packages.ts";
import { explainRefusal } from "../../errors/explain-error.ts";
import type { ServerRefusal } from "../../errors/server-refusal.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import type { FailureParts } from "../../errors/step-failure.ts";
import { everyOther, switchOf, switchPage } from "../../formats/organization/package-declaration.ts";
import type { PackageDifference, PackageRule, ShownPackages } from "../../formats/organization/package-declaration.ts";

/** The verdict in the state if nothing differs. */
export const asDeclared = "as declared";

const onlyLooks = "yes, it only reads";

/** Differences that are listed one by one; of the others only the number is. */
const shown = 20;

/** Writes differences in one line, for a preview. */
export function writeDifferences(differences: readonly PackageDifference[]): string {
  return cut(differences.map(writeDifference)).join("; ");
}

/** Replaces a declared value that this login cannot compare. */
export function cannotBeKnown(why: string): string {
  return `cannot be known: ${why}`;
}

/** Makes the error for a declared package that this login cannot see. */
export function makeUnknownPackageError({ name, why, needs, refusal }: RefusedPackage): StepFailure {
  if (refusal) {
    return addUnknown(explainRefusal(refusal), [`${name}: cannot be known with this token`]);
  }
  return new StepFailure({
    code: "NOT_FOUND",
    reason: `${name}: ${cannotBeKnown(why)}`,
    meaning: "This login cannot see whether the package exists and matches its declaration. Nothing was changed.",
    fix: `Set GITHUB_TOKEN to ${needs}.`,
    rerun: onlyLooks,
  });
}

/**
 * Makes the error for a list of an organization's packages that may be incomplete. The listed packages match the rules; others may not.
 */
export function makeHiddenPackagesError({ why, needs }: NonNullable<ShownPackages["hidden"]>): StepFailure {
  return new StepFailure({
    code: "NOT_FOUND",
    reason: `${everyOther}: ${cannotBeKnown(why)}`,
    meaning: "The packages that this login can see match their declarations. It cannot see whether there are others.",
    fix: `Set GITHUB_TOKEN to ${needs}.`,
    rerun: onlyLooks,
  });
}

/** Makes the error for a refused list of an organization's packages: no rule can be checked. */
export function makeRefusedListError(rules: readonly PackageRule[], refusal: ServerRefusal): StepFailure {
  return addUnknown(
    explainRefusal(refusal),
    cut(rules.map(({ match }) => `${match}: cannot be known with this token`)),
  );
}

function addUnknown(parts: FailureParts, unknown: readonly string[]): StepFailure {
  return new StepFailure({ ...parts, reason: [parts.reason, ...unknown].join("\n"), rerun: onlyLooks });
}

/** Makes the error for settings that a person must correct, with the page of each package. */
export function makeDifferenceError(
  organization: string,
  differences: readonly PackageDifference[],
  web: string,
): StepFailure {
  return new StepFailure({
    code: "PACKAGE_DIFFERS",
    reason: cut(differences.map(writeDifference)).join("\n"),
    meaning: "GitHub has no API for these settings, so a person has to change them. Nothing was changed.",
    fix: cut(differences.map((difference) => nameFix(difference, organization, web))).join("\n"),
    rerun: onlyLooks,
  });
}

function writeDifference({ name, property, declared, found }: PackageDifference): string {
  return `${name}: ${property} is ${found}, declared ${declared}`;
}

function nameFix(difference: PackageDifference, organization: string, web: string): string {
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
