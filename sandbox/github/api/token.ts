/** What a person may do in a repository, an organization or a package; each holds the ones before it. */
export type Role = "none" | "read" | "write" | "admin";

/** A token as the sandbox's first user has it: no scopes, no permissions, nothing in its way. */
export interface PlainToken {
  kind?: undefined;
  login: string;
  /** May write, and change settings, everywhere; false: reads what is private, no more. */
  push: boolean;
}

/** A personal access token (classic): what its person may do, cut down by scopes. */
export interface ClassicToken {
  kind: "classic";
  login: string;
  /** As GitHub names them: `repo`, `write:packages`, `admin:org`. A wider scope holds the narrower ones, as at GitHub. */
  scopes: readonly string[];
  /** The person's roles by `owner/name`, `owner` or `*`, the most exact first. Default: admin everywhere. */
  roles?: Readonly<Record<string, Role>>;
}

/** Permissions by GitHub's names (`contents`, `administration`, `organization_administration`); what is not named is not given. */
export type Permissions = Readonly<Record<string, "read" | "write" | "admin">>;

/** A fine-grained personal access token: what its person may do, cut down by permissions and to some repositories. */
export interface FineGrainedToken {
  kind: "fine-grained";
  login: string;
  permissions: Permissions;
  /** `owner/name` of those it was made for; default all. */
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
  /** `owner/name` of those the App is installed in; default all. */
  repositories?: readonly string[];
  /** The App's number, for rules that let one App pass. Default 1. */
  appId?: number;
}

/** An entry of the token table. Without a kind it is the token of somebody nothing is refused to. */
export type Token = PlainToken | ClassicToken | FineGrainedToken | ActionsToken | AppToken;

/** What an operation asks of whoever calls it. */
export interface Needs {
  /**
   * Permissions in the words of GitHub's `X-Accepted-GitHub-Permissions`: `contents=write`; `,` is "and", `;` is "or".
   * Empty: no permission helps, as GitHub has none for the operation.
   */
  permissions: string;
  /** Scopes of a classic token; one of them is enough. Empty: none is needed. */
  scopes: readonly string[];
  /** The person's role that a personal token must stand on. */
  role: Role;
}

/** Where an operation takes effect: a repository, or an owner as such. */
export interface Place {
  owner: string;
  name?: string;
}

const rank: Record<Role, number> = { none: 0, read: 1, write: 2, admin: 3 };

/** Which scopes another one holds (https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps). */
const heldByEvent: Readonly<Record<string, readonly string[]>> = {
  repo: ["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"],
  "write:packages": ["read:packages"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
};

/** True when one of `wanted` is among a classic token's scopes, as such or within a wider one. Nothing wanted: true. */
export function hasScope({ scopes }: ClassicToken, wanted: readonly string[]): boolean {
  const held = new Set(scopes.flatMap((scope) => [scope, ...(heldByEvent[scope] ?? [])]));
  return wanted.length === 0 || wanted.some((scope) => held.has(scope));
}

/** True when permissions meet one of the sets that `wanted` (as in `Needs`) lists. */
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

/** True when a token reaches the place at all: one of its repositories, and for an owner any repository of it. */
export function reaches(token: FineGrainedToken | ActionsToken | AppToken, { owner, name }: Place): boolean {
  const list = token.kind === "actions" ? [token.repository] : token.repositories;
  const wish = `${owner}/${name ?? ""}`.toLowerCase();
  const fits = (one: string): boolean => (name === undefined ? one.startsWith(wish) : one === wish);
  return list === undefined || list.some((one) => fits(one.toLowerCase()));
}

/** True when a token may do at a place what asks for these needs. */
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

/** Who a token acts as. */
export function loginOfToken(token: Token): string {
  return token.login ?? "github-actions[bot]";
}
