import { randomBytes } from "node:crypto";

/** Who asks: the known user, or `undefined` for anybody. */
export type Identity = string | undefined;

/** How writes to a repository are refused. */
export interface Refusal {
  /** Code in the error body; default `DENIED`. */
  code?: string;
  /** The registry's words; default `permission_denied: write_package`, with `create` `installation not allowed to Create organization package`. */
  message?: string;
  /** True: refused only as long as the repository holds nothing, as where an organisation forbids new packages. Default false. */
  create?: boolean;
}

/** Permission table and tokens of the registry's door. Lives in memory: a restart grants everything again. */
export interface RegistryAccess {
  /** Refuses writes to `repository` (a name, or a prefix that ends in `/*`) from the first request of a push on. */
  refuse(repository: string, refusal?: Refusal): void;
  /** Takes `refuse` and `hide` back. */
  grant(repository: string): void;
  /** Makes a repository private: only `readers` (default: the known user) may read it. */
  hide(repository: string, readers?: readonly string[]): void;
  refusalOf(repository: string): Required<Refusal> | undefined;
  mayRead(identity: Identity, repository: string): boolean;
  /** A new opaque token over these scopes (`repository:NAME:pull,push`); anonymous ones never hold `push`. */
  issue(identity: Identity, scopes: readonly string[]): string;
  /** What a token may do; `undefined` for one that is not ours. */
  grantOf(token: string): TokenGrant | undefined;
}

/** What a token was issued for. */
export interface TokenGrant {
  identity: Identity;
  /** Actions per repository name. */
  actions: Map<string, Set<string>>;
}

/** Reads `repository:NAME:ACTION,ACTION`; anything else gives `undefined`. */
export function parseScope(scope: string): { repository: string; actions: string[] } | undefined {
  const match = /^repository(?:\([^)]*\))?:(.+):([a-z*,]*)$/.exec(scope);
  const [, repository, actions] = match ?? [];
  if (repository === undefined || actions === undefined) {
    return undefined;
  }
  return { repository, actions: actions.split(",").flatMap((one) => (one === "*" ? ["pull", "push"] : [one])) };
}

/** An empty table: everybody reads, the known user writes. */
export function createRegistryAccess(user: string): RegistryAccess {
  const refusals = new Map<string, Required<Refusal>>();
  const hidden = new Map<string, readonly string[]>();
  const tokens = new Map<string, TokenGrant>();
  return {
    refuse(repository, { code = "DENIED", create = false, message } = {}) {
      const words = create
        ? "installation not allowed to Create organization package"
        : "permission_denied: write_package";
      refusals.set(repository, { code, create, message: message ?? words });
    },
    grant(repository) {
      refusals.delete(repository);
      hidden.delete(repository);
    },
    hide(repository, readers = [user]) {
      hidden.set(repository, readers);
    },
    refusalOf: (repository) => lookUp(refusals, repository),
    mayRead(identity, repository) {
      const readers = lookUp(hidden, repository);
      return readers === undefined || (identity !== undefined && readers.includes(identity));
    },
    issue(identity, scopes) {
      const actions: TokenGrant["actions"] = new Map();
      for (const scope of scopes) {
        const parsed = parseScope(scope);
        if (parsed === undefined) {
          continue;
        }
        const granted = actions.get(parsed.repository) ?? new Set();
        for (const action of parsed.actions) {
          if (action === "pull" || identity !== undefined) {
            granted.add(action);
          }
        }
        actions.set(parsed.repository, granted);
      }
      const token = randomBytes(24).toString("base64url");
      tokens.set(token, { identity, actions });
      return token;
    },
    grantOf: (token) => tokens.get(token),
  };
}

function lookUp<T>(table: Map<string, T>, repository: string): T | undefined {
  for (const [name, value] of table) {
    if (name === repository || (name.endsWith("/*") && repository.startsWith(name.slice(0, -1)))) {
      return value;
    }
  }
  return undefined;
}
