import { minimatch } from "minimatch";
import { z } from "zod";
import { linkSwitch, packagePage, settingsPage } from "./package-page.ts";
import type { PackageName } from "./package-page.ts";

/** Who sees a package. */
export const Visibility = z.enum(["public", "private", "internal"], {
  error: "must be `public`, `private` or `internal`",
});

/** What is declared of a package. What is left out may be anything. */
export const PackageDeclaration = z.strictObject({
  /** Who sees it. */
  visibility: Visibility.optional().meta({ example: "public" }),
  /** `owner/name` of the repository that it is linked to; its workflows may then be given access to it. */
  repository: z.string().optional().meta({ example: "acme/widgets" }),
});

/** What is declared of a package. */
export type PackageDeclaration = z.output<typeof PackageDeclaration>;

/** A rule for all packages whose name fits. The first rule that fits holds. */
export const PackageRule = PackageDeclaration.extend({
  /** Glob over the name below the owner: `*` takes no slash, so `charts/*` are the packages one level below `charts`. */
  match: z
    .string()
    .regex(/^[^A-Z]+$/, { error: "must be lower case, as packages' names are" })
    .meta({ example: "charts/*" }),
});

/** A rule for all packages whose name fits. */
export type PackageRule = z.output<typeof PackageRule>;

/** A package as GitHub lists it. */
export interface ListedPackage {
  /** Below the owner. */
  name: string;
  visibility: string;
  /** `owner/name`; undefined: linked to none. */
  repository: string | undefined;
}

/** A package of which nobody can tell, with the login at hand, whether it is as declared. */
export interface UnknownPackage {
  name: string;
  /** Why not, in the server's words where it said something. */
  why: string;
  /** A token that would be told. */
  needs: string;
}

/** Name that stands for all packages that this login is not shown: nobody knows their own. */
export const everyOther = "every other package";

/** What a login is shown of an organization's packages. */
export interface ShownPackages {
  /** Those of the list; where that is refused, those of the wanted names that are shown one by one. */
  packages: readonly ListedPackage[];
  /** Wanted names of which nobody can tell. A wanted name that is neither here nor there has no package. */
  unknown: readonly UnknownPackage[];
  /** Why the list may not be read, in the server's words; undefined: it was. */
  refusal: { words: string } | undefined;
  /** Why there may be packages that are not on the list; left out where it has all, was refused, or nobody asked. */
  hidden?: Pick<UnknownPackage, "why" | "needs">;
}

/** What is found of a package that is linked to no repository. */
const unlinked = "none";

/** One way in which a package is not as declared. */
export interface PackageDifference {
  name: string;
  property: "visibility" | "repository" | "existence";
  declared: string;
  found: string;
}

/**
 * What is declared of a package by the rules.
 * @returns undefined where no rule fits: the package is undeclared
 */
export function declarationFor(name: string, rules: readonly PackageRule[]): PackageDeclaration | undefined {
  return rules.find(({ match }) => minimatch(name, match, { dot: true, nonegate: true, nocomment: true }));
}

/**
 * How a package differs from what is declared of it; none where it is as declared. Repositories are compared without regard to case, as
 * GitHub does.
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

/** Which switch of the page that switchPage() names mends a difference. */
export function switchOf({ property, declared, found }: PackageDifference): string {
  if (property === "existence") {
    return "push it, or take it out of the configuration";
  }
  return property === "visibility"
    ? `Danger Zone → Change visibility → ${declared}`
    : linkSwitch(declared, found === unlinked ? undefined : found);
}

/**
 * Address of the page that has the switch for a difference.
 * @param web GitHub's address for people
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
