import { describeMissing } from "../../../errors/missing-permission.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type {
  ListedPackage,
  ShownPackages,
  UnknownPackage,
} from "../../../formats/organization/package-declaration.ts";
import { readOrganizationRole } from "../settings/organization-role.ts";
import type { OrganizationRole } from "../settings/organization-role.ts";
import { readContainerPackage, listContainerPackages } from "./packages.ts";
import type { Package } from "./packages.ts";

/** The container packages of an organization that GitHub shows to this login. */
export interface OrganizationPackages extends ShownPackages {
  unknown: readonly RefusedPackage[];
  refusal: ServerRefusal | undefined;
}

/** A package that is unknown. */
export interface RefusedPackage extends UnknownPackage {
  /** Left out if GitHub did not refuse, but may have hidden it. */
  refusal?: ServerRefusal;
}

/**
 * Reads an organization's container packages. GitHub lists the packages that the login may read. So only an owner's list is complete, and
 * only for an owner does a wanted package that is not listed not exist. Simultaneous callers share the request for the role. If the
 * list is refused (a workflow's GITHUB_TOKEN), the wanted ones are requested one by one.
 * Source: REST "List packages for an organization": "packages in an organization readable by the user".
 * @param wanted names below the organization
 * @param whole whether the caller must know that the list is complete: true always requests the role, false only if a wanted one is not listed
 * @throws ServerRefusal if GitHub does not answer, limits the rate, or knows no such organization
 */
export async function organizationPackages(
  organization: string,
  wanted: readonly string[],
  whole: boolean,
): Promise<OrganizationPackages> {
  const listed = await listContainerPackages(organization).catch(returnRefusal);
  if (listed instanceof ServerRefusal) {
    return { ...(await readOneByOne(organization, wanted)), refusal: listed };
  }
  const packages = listed.map(toListedPackage);
  const missing = wanted.filter((name) => !packages.some((found) => found.name === name));
  const why = whole || missing.length > 0 ? await explainHiddenPackages(organization) : undefined;
  if (why === undefined) {
    return { packages, unknown: [], refusal: undefined };
  }
  const hidden = { why, needs: nameOwnersToken(organization) };
  const unknown = missing.map((name) => ({ name, ...hidden }));
  return { packages, unknown, refusal: undefined, ...(whole ? { hidden } : {}) };
}

/** GitHub answers kinds of tokens that may list nothing with 403, or with this 400. Source: cli/cli#9606, actions/github-script#449. */
function returnRefusal(error: unknown): ServerRefusal {
  if (error instanceof ServerRefusal && (isDenied(error) || /^Invalid argument/i.test(error.words))) {
    return error;
  }
  throw error;
}

/** A 401 is an unknown token, which has nothing to do with a package. */
function isDenied({ status, denied }: ServerRefusal): boolean {
  return status === 403 && denied;
}

/** Names the kind of token that can see every package of an organization, and its own role in it. */
function nameOwnersToken(organization: string): string {
  return `a classic token with \`read:packages\` and \`read:org\` of an owner of ${organization}`;
}

/** Explains why packages may be hidden from this login; undefined for an owner, who sees all. */
async function explainHiddenPackages(organization: string): Promise<string | undefined> {
  const told = await readOrganizationRole(organization);
  if (told instanceof ServerRefusal) {
    return explainUnknownRole(organization, told);
  }
  return told.active && told.role === "admin" ? undefined : explainRole(told, organization);
}

function explainRole({ login, role, active }: OrganizationRole, organization: string): string {
  const as = active ? `${role.replace("_", " ")} of` : "invited to";
  return `GitHub shows ${login} (${as} ${organization}, not an owner) only packages that it may read`;
}

function explainUnknownRole(organization: string, refusal: ServerRefusal): string {
  return `GitHub shows a login that is not an owner of ${organization} only packages that it may read, and did not reveal this login's role (${joinWords(refusal)})`;
}

function joinWords({ words, missing }: ServerRefusal): string {
  return missing ? `${words.replace(/\.$/, "")}; ${describeMissing(missing)}` : words;
}

async function readOneByOne(
  organization: string,
  wanted: readonly string[],
): Promise<Pick<OrganizationPackages, "packages" | "unknown">> {
  const looks = await Promise.all(wanted.map((name) => readPackage(organization, name)));
  return {
    packages: looks.filter((look) => "visibility" in look),
    unknown: looks.filter((look) => "why" in look),
  };
}

async function readPackage(organization: string, name: string): Promise<ListedPackage | RefusedPackage> {
  const needs = nameOwnersToken(organization);
  try {
    const found = await readContainerPackage("Organization", organization, name);
    if (found) {
      return toListedPackage(found);
    }
    return {
      name,
      why: "GitHub gives the same answer for a package that does not exist and for one that this token may not read",
      needs,
    };
  } catch (error) {
    if (!(error instanceof ServerRefusal && isDenied(error))) {
      throw error;
    }
    return { name, why: joinWords(error), needs, refusal: error };
  }
}

function toListedPackage({ name, visibility, repository }: Package): ListedPackage {
  return { name, visibility, repository: repository?.full_name };
}
