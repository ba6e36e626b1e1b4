import { randomBytes, randomUUID } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signToken } from "./json-web-token.ts";
import { claimsOfRun } from "./workflow-claims.ts";
import type { WorkflowClaims } from "./workflow-claims.ts";

/** The identities of runs: the part of GitHub Actions that issues identity tokens. */
export interface ActionsIdentity {
  /** Request token of the sandbox's own run: the value of ACTIONS_ID_TOKEN_REQUEST_TOKEN. The same after a restart. */
  readonly requestToken: string;
  /**
   * Changes a run: the given claims, and defaults for all others (those of an earlier `set` are dropped). Issued tokens
   * keep their claims. Not kept over a restart.
   * @param requestToken which run; default the sandbox's own
   */
  set(claims: Partial<WorkflowClaims>, requestToken?: string): void;
  /** Adds a run; returns its request token. */
  add(claims: Partial<WorkflowClaims>): string;
  /** The present claims of a run; undefined if the request token is unknown. */
  claims(requestToken?: string): WorkflowClaims | undefined;
  /** Makes an identity token, as the token endpoint does. */
  token(options?: {
    /** Default `sigstore`. */
    audience?: string;
    /** Seconds; negative for a token that has already expired. Default 300. */
    lifetime?: number;
    /** Which run; default the sandbox's own. */
    requestToken?: string;
    /** Commit of a run without one. Default: forty zeros. */
    sha?: string | undefined;
  }): string;
}

/** Opens the table of runs with one run in it. */
export function createIdentity(options: {
  issuer: string;
  requestToken: string;
  privateKey: KeyObject;
}): ActionsIdentity {
  const { issuer, requestToken: own, privateKey } = options;
  const runs = new Map<string, Partial<WorkflowClaims>>([[own, {}]]);
  return {
    requestToken: own,
    set(claims, requestToken = own) {
      runs.set(requestToken, claims);
    },
    add(claims) {
      const requestToken = randomBytes(20).toString("hex");
      runs.set(requestToken, claims);
      return requestToken;
    },
    claims(requestToken = own) {
      const given = runs.get(requestToken);
      return given && claimsOfRun(given);
    },
    token({ audience = "sigstore", lifetime = 300, requestToken = own, sha } = {}) {
      const given = runs.get(requestToken);
      if (given === undefined) {
        throw new Error("no run has this request token");
      }
      const claims = claimsOfRun({ ...(sha === undefined ? {} : { sha }), ...given });
      const now = Math.floor(Date.now() / 1000);
      // GitHub dates nbf ten minutes back.
      const times = { iat: now, nbf: now - 600, exp: now + lifetime };
      return signToken({ jti: randomUUID(), iss: issuer, aud: audience, ...claims, ...times }, privateKey);
    },
  };
}
