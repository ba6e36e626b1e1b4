import { randomBytes, randomUUID } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signToken } from "./json-web-token.ts";
import { claimsOfRun } from "./workflow-claims.ts";
import type { WorkflowClaims } from "./workflow-claims.ts";

/** Who runs: GitHub Actions as far as identity tokens go. */
export interface ActionsIdentity {
  /** Request token of the sandbox's own run: the value of ACTIONS_ID_TOKEN_REQUEST_TOKEN. The same after a restart. */
  readonly requestToken: string;
  /**
   * Makes a run another one: the given claims and defaults for all others (nothing of an earlier `set` stays). Tokens
   * that are out keep their claims. Not kept over a restart.
   * @param requestToken which run; default the sandbox's own
   */
  set(claims: Partial<WorkflowClaims>, requestToken?: string): void;
  /** One more run beside the others; returns its request token. */
  add(claims: Partial<WorkflowClaims>): string;
  /** Claims of a run as they are now; undefined when the request token is unknown. */
  claims(requestToken?: string): WorkflowClaims | undefined;
  /** An identity token, as the token endpoint gives it. */
  token(options?: {
    /** Default `sigstore`. */
    audience?: string;
    /** Seconds; negative for a token that is expired already. Default 300. */
    lifetime?: number;
    /** Which run; default the sandbox's own. */
    requestToken?: string;
    /** Commit of a run that was not given one. Default: forty zeros. */
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
