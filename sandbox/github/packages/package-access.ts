import { hasPermissions, hasScope, roleOf } from "../api/token.ts";
import type { Role, Token } from "../api/token.ts";
import type { OwnerRecord, PackageRecord, Visibility } from "./package-record.ts";

/**
 * GitHub's container registry's own words for a refused push or pull, as reported by users. The addresses are threads at
 * https://github.com that quote them.
 */
export const registryWords = {
  /** An existing package that does not let this repository or person write (danger/danger-js#1414, tuna-os/tunaOS#642). */
  write: "permission_denied: write_package",
  /** A person's token in a namespace where the person may not create packages (quoted in many projects' troubleshooting pages). */
  create: "permission_denied: create_package",
  /** A private package that this repository or person may not even read. */
  read: "permission_denied: read_package",
  /** GITHUB_TOKEN without `packages: write`, an App's token, or an organization's policy: new packages (pinchbench/skill#17, open-policy-agent/gatekeeper#3697). */
  installationCreate: "installation not allowed to Create organization package",
  /** The same for an existing package (bachp/git-mirror#516, enketo/enketo#1054). */
  installationWrite: "installation not allowed to Write organization package",
  /** A classic token without `write:packages`, and any fine-grained token (daltoniam/switchboard#139). */
  scopes: "permission_denied: The token provided does not match expected scopes.",
  /** GITHUB_TOKEN in a namespace that is not its repository's owner's (grafana/k6#2111, openwrt/buildbot#2). */
  installationMissing: "permission_denied: The requested installation does not exist.",
} as const;

const order: readonly Role[] = ["none", "read", "write", "admin"];

/** Whether one role includes another. */
export function atLeast(role: Role, wanted: Role): boolean {
  return order.indexOf(role) >= order.indexOf(wanted);
}

/**
 * A token's role on a package, restricted by what its kind of token can do with packages at all: a
 * fine-grained token and an App's only reach public packages. Scopes of classic tokens are checked elsewhere.
 */
export function packageRole(token: Token | undefined, record: PackageRecord): Role {
  const open: Role = record.visibility === "public" ? "read" : "none";
  switch (token?.kind) {
    case undefined:
      return token === undefined ? open : token.push ? "admin" : "read";
    case "classic":
      return highest(open, personRole(token, record));
    case "actions": {
      const { repository, permissions } = token;
      if (!hasPermissions(permissions, "packages=read")) {
        return open;
      }
      const sameOwner = repository.toLowerCase().startsWith(`${record.owner}/`.toLowerCase());
      const internal: Role = record.visibility === "internal" && sameOwner ? "read" : "none";
      const given = highest(internal, entry(record.actions, repository));
      return hasPermissions(permissions, "packages=write") ? highest(open, given) : given === "none" ? open : "read";
    }
    default:
      return open;
  }
}

/** The registry's refusal of a token's push; undefined: it may push. `record` is undefined for a new package. */
export function pushRefusal(token: Token, { owner, record, person, settings }: PushTarget): string | undefined {
  const allowed = settings.creation[newVisibility(token, settings)];
  const write = record === undefined ? registryWords.installationCreate : registryWords.installationWrite;
  switch (token.kind) {
    case undefined:
      return token.push ? undefined : registryWords.write;
    case "classic":
      if (!hasScope(token, ["write:packages"])) {
        return registryWords.scopes;
      }
      if (record !== undefined) {
        return atLeast(packageRole(token, record), "write") ? undefined : registryWords.write;
      }
      if (owner.toLowerCase() === token.login.toLowerCase()) {
        return undefined;
      }
      return !person && allowed && atLeast(roleOf(token, { owner }), "write") ? undefined : registryWords.create;
    case "fine-grained":
      return registryWords.scopes;
    case "actions":
      if (!token.repository.toLowerCase().startsWith(`${owner}/`.toLowerCase())) {
        return registryWords.installationMissing;
      }
      if (!hasPermissions(token.permissions, "packages=write")) {
        return person ? registryWords.write : write;
      }
      if (record === undefined) {
        return person || allowed ? undefined : registryWords.installationCreate;
      }
      return atLeast(packageRole(token, record), "write") ? undefined : registryWords.write;
    default:
      return write;
  }
}

/** The target of a push. */
export interface PushTarget {
  owner: string;
  record: PackageRecord | undefined;
  /** Whether the owner is a person, who has no policy. */
  person: boolean;
  settings: OwnerRecord;
}

/** The visibility of a package that this token pushes for the first time. */
export function newVisibility(token: Token, { newPackages }: Pick<OwnerRecord, "newPackages">): Visibility {
  return newPackages ?? (token.kind === undefined ? "public" : "private");
}

/** Owners of the namespace are admins of everything in it; others have their own roles, and those of their membership. */
function personRole(token: Token & { kind: "classic" }, record: PackageRecord): Role {
  const { owner, inherits, repository, visibility } = record;
  const own = token.login.toLowerCase() === owner.toLowerCase();
  const inOwner = own ? "admin" : roleOf(token, { owner });
  if (inOwner === "admin") {
    return "admin";
  }
  const [repoOwner = "", name = ""] = repository?.split("/") ?? [];
  const inherited = inherits && repository !== null ? roleOf(token, { owner: repoOwner, name }) : "none";
  const member: Role = visibility === "internal" && inOwner !== "none" ? "read" : "none";
  return highest(member, highest(inherited, entry(record.people, token.login)));
}

function entry(roles: Readonly<Record<string, Role>>, name: string): Role {
  const found = Object.entries(roles).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? "none";
}

function highest(a: Role, b: Role): Role {
  return atLeast(a, b) ? a : b;
}
