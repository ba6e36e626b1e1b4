import { randomBytes } from "node:crypto";
import { hasScope, loginOfToken } from "../github/api/token.ts";
import type { Token } from "../github/api/token.ts";
import { atLeast, packageRole, pushRefusal, registryWords } from "../github/packages/package-access.ts";
import { packageNameOf } from "../github/packages/package-record.ts";
import type { PackageRecord } from "../github/packages/package-record.ts";
import type { PackageStore } from "../github/packages/package-store.ts";

/** How writes to a repository are refused. */
export interface Refusal {
  /** Code in the error body; default `DENIED`. */
  code?: string;
  /** The registry's words; default `permission_denied: write_package`, with `create` `installation not allowed to Create organization package`. */
  message?: string;
  /** True: refused only while the repository is empty, as if an organization forbids new packages. Default false. */
  create?: boolean;
}

/** Permissions of the registry's door: the package table, and in addition the refusals and hidden repositories of a test, in memory only. */
export interface RegistryAccess {
  /** Refuses writes to `repository` (a name, or a prefix that ends in `/*`) from the first request of a push on. */
  refuse(repository: string, refusal?: Refusal): void;
  /** Undoes `refuse` and `hide`. */
  grant(repository: string): void;
  /** Makes a repository private: only the logins in `readers` (default: the known user) may read it. */
  hide(repository: string, readers?: readonly string[]): void;
  /** The explicit refusal. */
  refusalOf(repository: string): Required<Refusal> | undefined;
  /** The words that refuse a token's push, because of hiding or the package table; undefined: it may. */
  pushRefusal(token: Token, repository: string): string | undefined;
  /** The words that refuse a read; undefined: it may. Anonymous callers get the same words for a private and for a missing package. */
  readRefusal(token: Token | undefined, repository: string): string | undefined;
  /** The package of a repository, deleted or not. */
  packageOf(repository: string): PackageRecord | undefined;
  /** A new opaque token over these scopes (`repository:NAME:pull,push`); anonymous ones never have `push`. */
  issue(token: Token | undefined, scopes: readonly string[]): string;
  /** What a token may do; `undefined` for an unknown one. */
  grantOf(bearer: string): TokenGrant | undefined;
}

/** The scopes of an issued token. */
export interface TokenGrant {
  /** Who asked; undefined for an anonymous caller. */
  token: Token | undefined;
  /** Actions per repository name. */
  actions: Map<string, Set<string>>;
}

/** Options of the table. */
export interface RegistryAccessOptions {
  /** The known user, for `hide`. */
  user: string;
  packages: PackageStore;
  /** True for an owner that is a person. */
  isPerson(owner: string): boolean;
}

/** The registry's only word to callers that may not even know whether something exists. */
const denied = "denied";

/** Reads `repository:NAME:ACTION,ACTION`; anything else gives `undefined`. */
export function parseScope(scope: string): { repository: string; actions: string[] } | undefined {
  const match = /^repository(?:\([^)]*\))?:(.+):([a-z*,]*)$/.exec(scope);
  const [, repository, actions] = match ?? [];
  if (repository === undefined || actions === undefined) {
    return undefined;
  }
  return { repository, actions: actions.split(",").flatMap((one) => (one === "*" ? ["pull", "push"] : [one])) };
}

/** Creates the door's permissions, with nothing explicitly refused or hidden yet. */
export function createRegistryAccess({ user, packages, isPerson }: RegistryAccessOptions): RegistryAccess {
  const refusals = new Map<string, Required<Refusal>>();
  const hidden = new Map<string, readonly string[]>();
  const grants = new Map<string, TokenGrant>();
  const packageOf = (repository: string): PackageRecord | undefined => {
    const named = packageNameOf(repository);
    return named === undefined ? undefined : packages.find(named.owner, named.name);
  };
  const present = (repository: string): PackageRecord | undefined => {
    const record = packageOf(repository);
    return record?.deletedAt === null ? record : undefined;
  };
  const isHidden = (token: Token | undefined, repository: string): boolean => {
    const readers = lookUp(hidden, repository);
    return readers !== undefined && (token === undefined || !readers.includes(loginOfToken(token)));
  };
  return {
    refuse(repository, { code = "DENIED", create = false, message } = {}) {
      const words = create ? registryWords.installationCreate : registryWords.write;
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
    pushRefusal(token, repository) {
      const { owner } = packageNameOf(repository) ?? {};
      if (isHidden(token, repository)) {
        return denied;
      }
      if (owner === undefined) {
        return undefined;
      }
      const target = { owner, record: present(repository), person: isPerson(owner), settings: packages.owner(owner) };
      return pushRefusal(token, target);
    },
    readRefusal(token, repository) {
      const readers = lookUp(hidden, repository);
      const record = present(repository);
      if (readers !== undefined || record?.visibility === "public" || packageNameOf(repository) === undefined) {
        return isHidden(token, repository) ? denied : undefined;
      }
      if (token === undefined) {
        return denied;
      }
      if (record === undefined) {
        return undefined;
      }
      if (token.kind === "classic" && !hasScope(token, ["read:packages"])) {
        return registryWords.scopes;
      }
      return atLeast(packageRole(token, record), "read") ? undefined : registryWords.read;
    },
    packageOf,
    issue(token, scopes) {
      const actions: TokenGrant["actions"] = new Map();
      for (const scope of scopes) {
        const parsed = parseScope(scope);
        if (parsed === undefined) {
          continue;
        }
        const granted = actions.get(parsed.repository) ?? new Set();
        for (const action of parsed.actions) {
          if (action === "pull" || token !== undefined) {
            granted.add(action);
          }
        }
        actions.set(parsed.repository, granted);
      }
      const bearer = randomBytes(24).toString("base64url");
      grants.set(bearer, { token, actions });
      return bearer;
    },
    grantOf: (bearer) => grants.get(bearer),
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
