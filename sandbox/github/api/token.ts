/** What a person may do in a repository, an organization or a package; each includes the ones before it. */
export type Role = "none" | "read" | "write" | "admin";

/** A token like that of the sandbox's first user: without scopes, permissions or restrictions. */
export interface PlainToken {
  kind?: undefined;
  login: string;
  /** May write, and change settings, everywhere; false: may only read, including private repositories. */
  push: boolean;
}

/** A personal access token (classic): what its person may do, restricted by scopes. */
export interface ClassicToken {
  kind: "classic";
  login: string;
  /** GitHub's names: `repo`, `write:packages`, `admin:org`. A wider scope includes the narrower ones, as at GitHub. */
  scopes: readonly string[];
  /** The person's roles by `owner/name`, `owner` or `*`, the most specific first. Default: admin everywhere. */
  roles?: Readonly<Record<string, Role>>;
}

/** Permissions by GitHub's names (`contents`, `administration`, `organization_administration`); those not named are not granted. */
export type Permissions = Readonly<Record<string, "read" | "write" | "admin">>;

/** A fine-grained personal access token: what its person may do, restricted to permissions and repositories. */
export interface FineGrainedToken {
  kind: "fine-grained";
  login: string;
  permissions: Permissions;
  /** `owner/name` of its repositories; default all. */
  repositories?: readonly string[];
  /** As a classic token's. */
  roles?: Readonly<Record<string, Role>>;
}

/** GITHUB_TOKEN of one run: the installation of GitHub Actions in one repository. */
export interface ActionsToken {
  kind: "actions";
  /** `owner/name` of the repository that runs. */
  repository: string;
  /** The job's `permissions:`; `metadata: read` is always there. */
  permissions: Permissions;
  /** Default `github-actions[bot]`. */
  login?: string;
}

/** An installation token of a GitHub App. */
export interface AppToken {
  kind: "app";
  /** `NAME[bot]`. */
  login: string;
  permissions: Permissions;
  /** `owner/name` of the repositories that the App is installed in; default all. */
  repositories?: readonly string[];
  /** The App's number, for rules that exempt one App. Default 1. */
  appId?: number;
}

/** An entry of the token table. Without a kind, it is the token of a user who is refused nothing. */
export type Token = PlainToken | ClassicToken | FineGrainedToken | ActionsToken | AppToken;

/** What an operation requires of its caller. */
export interface Needs {
  /**
   * Permissions in the words of GitHub's `X-Accepted-GitHub-Permissions`: `contents=write`; `,` is "and", `;` is "or".
   * Empty: no permission helps, because GitHub has none for the operation.
   */
  permissions: string;
  /** Scopes of a classic token; one of them is enough. Empty: none is needed. */
  scopes: readonly string[];
  /** The role that a personal token's person must have. */
  role: Role;
}

/** The target of an operation: a repository, or an owner as such. */
export interface Place {
  owner: string;
  name?: string;
}

const rank: Record<Role, number> = { none: 0, read: 1, write: 2, admin: 3 };

/** The scopes that another one includes (https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps). */
const heldByEvent: Readonly<Record<string, readonly string[]>> = {
  repo: ["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"],
  "write:packages": ["read:packages"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
};

/** Whether one of `wanted` is among a classic token's scopes, itself or within a wider one. Nothing wanted: true. */
export function hasScope({ scopes }: ClassicToken, wanted: readonly string[]): boolean {
  const held = new Set(scopes.flatMap((scope) => [scope, ...(heldByEvent[scope] ?? [])]));
  return wanted.length === 0 || wanted.some((scope) => held.has(scope));
}

/** Whether permissions satisfy one of the sets in `wanted` (as in `Needs`). */
export function hasPermissions(given: Permissions, wanted: string): boolean {
  const all: Permissions = { metadata: "read", ...given };
  return wanted
    .split(";")
    .map((set) => set.split(",").map((one) => one.trim().split("=") as [string, Role]))
    .some((set) => set.every(([name, level]) => rank[all[name] ?? "none"] >= (rank[level] ?? Infinity)));
}

/** The role of a personal token's person. */
export function roleOf({ roles = { "*": "admin" } }: { roles?: Readonly<Record<string, Role>> }, place: Place): Role {
  const { owner, name } = place;
  const lower = new Map(Object.entries(roles).map(([key, role]) => [key.toLowerCase(), role]));
  const keys = [...(name === undefined ? [] : [`${owner}/${name}`]), owner, "*"];
  return keys.map((key) => lower.get(key.toLowerCase())).find((role) => role !== undefined) ?? "none";
}

/** Whether a token reaches the place at all: one of its repositories, or for an owner any of the owner's repositories. */
export function reaches(token: FineGrainedToken | ActionsToken | AppToken, { owner, name }: Place): boolean {
  const list = token.kind === "actions" ? [token.repository] : token.repositories;
  const wish = `${owner}/${name ?? ""}`.toLowerCase();
  const fits = (one: string): boolean => (name === undefined ? one.startsWith(wish) : one === wish);
  return list === undefined || list.some((one) => fits(one.toLowerCase()));
}

/** Whether a token satisfies these needs at a place. */
export function mayDo(token: Token, needs: Needs, place: Place): boolean {
  switch (token.kind) {
    case undefined:
      return token.push || rank[needs.role] <= rank.read;
    case "classic":
      return hasScope(token, needs.scopes) && rank[roleOf(token, place)] >= rank[needs.role];
    case "fine-grained":
      return (
        reaches(token, place) &&
        hasPermissions(token.permissions, needs.permissions) &&
        rank[roleOf(token, place)] >= rank[needs.role]
      );
    default:
      return reaches(token, place) && hasPermissions(token.permissions, needs.permissions);
  }
}

/** The login that a token acts as. */
export function loginOfToken(token: Token): string {
  return token.login ?? "github-actions[bot]";
}
