import { ReleaseError } from "../errors/release-error.ts";
import { switchOf } from "../formats/package-declaration.ts";
import type { PackageDifference } from "../formats/package-declaration.ts";
import { settingsPage } from "../formats/package-page.ts";

/** What stands in the state where nothing differs. */
export const asDeclared = "as declared";

/** Differences that are told one by one; of more only the number is. */
const shown = 20;

/** Differences in one line, for a preview. */
export function differenceText(differences: readonly PackageDifference[]): string {
  return cut(differences.map(one)).join("; ");
}

/** What a person must set, with the page of each package. */
export function packagesDiffer(
  organization: string,
  differences: readonly PackageDifference[],
  web: string,
): ReleaseError {
  return new ReleaseError({
    code: "PACKAGE_DIFFERS",
    step: `holding the packages of ${organization} against what is declared`,
    reason: cut(differences.map(one)).join("\n"),
    meaning: "GitHub has no API that sets these: a person has to. Nothing was changed.",
    fix: cut(differences.map((difference) => whereToSet(difference, organization, web))).join("\n"),
    rerun: "yes, it only looks",
  });
}

function one({ name, property, declared, found }: PackageDifference): string {
  return `${name}: ${property} is ${found}, declared ${declared}`;
}

function whereToSet(difference: PackageDifference, organization: string, web: string): string {
  if (difference.property === "existence") return `${difference.name}: ${switchOf(difference)}`;
  return `${settingsPage(web, true, { owner: organization, name: difference.name })} → ${switchOf(difference)}`;
}

function cut(lines: string[]): string[] {
  if (lines.length <= shown) return lines;
  return [...lines.slice(0, shown), `and ${lines.length - shown} more: \`npm run packages\` lists all`];
}
