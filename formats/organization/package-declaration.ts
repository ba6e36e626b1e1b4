import { minimatch } from "minimatch";
import { z } from "zod";
import { linkSwitch, packagePage, settingsPage } from "./package-page.ts";
import type { PackageName } from "./package-page.ts";

/** Who can see a package. */
export const Visibility = z.enum(["public", "private", "internal"], {
  error: "must be `public`, `private` or `internal`",
});

/** The declared settings of a package. Those that are left out may have any value. */
export const PackageDeclaration = z.strictObject({
  /** Who can see it. */
  visibility: Visibility.optional().meta({ example: "public" }),
  /** `owner/name` of the repository that it is linked to; its workflows may then be given access to it. */
  repository: z.string().optional().meta({ example: "acme/widgets" }),
});

/** The declared settings of a package. */
export type PackageDeclaration = z.output<typeof PackageDeclaration>;

/** A rule for all packages whose name matches. The first rule that matches applies. */
export const PackageRule = PackageDeclaration.extend({
  /** Glob over the name below the owner: `*` does not match a slash, so `charts/*` are the packages one level below `charts`. */
  match: z
    .string()
    .regex(/^[^A-Z]+$/, { error: "must be lower case, as packages' names are" })
    .meta({ example: "charts/*" }),
});

/** A rule for all packages whose name matches. */
export type PackageRule = z.output<typeof PackageRule>;

/** A package as GitHub lists it. */
export interface ListedPackage {
  /** Below the owner. */
  name: string;
  visibility: string;
  /** `owner/name`; undefined: linked to none. */
  repository: string | undefined;
}

/** A package that this login cannot compare with its declaration. */
export interface UnknownPackage {
  name: string;
  /** Why not, in the server's words if it gave any. */
  why: string;
  /** The kind of token that could see it. */
  needs: string;
}

/** Name for all packages that this login cannot see, because their own names are unknown. */
export const everyOther = "every other package";

/** The packages of an organization that a login can see. */
export interface ShownPackages {
  /** The listed packages. If the list is refused: the wanted packages that GitHub shows one by one. */
  packages: readonly ListedPackage[];
  /** Wanted packages that are unknown. A wanted name that is in neither list has no package. */
  unknown: readonly UnknownPackage[];
  /** Why the list may not be read, in the server's words; undefined if it was read. */
  refusal: { words: string } | undefined;
  /** Why packages may be missing from the list; left out if it is complete, was refused, or was not requested. */
  hidden?: Pick<UnknownPackage, "why" | "needs">;
}

/** Shown as the repository of a package that is linked to none. */
const unlinked = "none";

/** One difference between a package and its declaration. */
export interface PackageDifference {
  name: string;
  property: "visibility" | "repository" | "existence";
  declared: string;
  found: string;
}

/**
 * Finds the declaration of a package in the rules.
 * @returns undefined if no rule matches: the package is undeclared
 */
export function declarationFor(name: string, rules: readonly PackageRule[]): PackageDeclaration | undefined {
  return rules.find(({ match }) => minimatch(name, match, { dot: true, nonegate: true, nocomment: true }));
}

/**
 * Lists the differences between a package and its declaration. Repositories are compared without regard to case, as GitHub does.
 */
export function packageDifferences(found: ListedPackage, declared: PackageDeclaration): PackageDifference[] {
  const { name } = found;
  const linked = found.repository?.toLowerCase();
  return [
    ...(declared.visibility === undefined || declared.visibility === found.visibility
      ? []
      : [{ name, property: "visibility" as const, declared: declared.visibility, found: found.visibility }]),
    ...(declared.repository === undefined || declared.repository.toLowerCase() === linked
      ? []
      : [
          { name, property: "repository" as const, declared: declared.repository, found: found.repository ?? unlinked },
        ]),
  ];
}

/** Names the setting, on the page of switchPage(), that fixes a difference. */
export function switchOf({ property, declared, found }: PackageDifference): string {
  if (property === "existence") {
    return "push it, or remove it from the configuration";
  }
  return property === "visibility"
    ? `Danger Zone → Change visibility → ${declared}`
    : linkSwitch(declared, found === unlinked ? undefined : found);
}

/**
 * Address of the page that has the setting for a difference.
 * @param web GitHub's web address
 * @param organization false for a person's package
 */
export function switchPage(
  { property }: Pick<PackageDifference, "property">,
  web: string,
  organization: boolean,
  at: PackageName,
): string {
  return property === "repository" ? packagePage(web, organization, at) : settingsPage(web, organization, at);
}
