import { createHash, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Claims of a token, by name. */
export type Claims = Record<string, unknown>;

/** Public half of an issuer's private key as its key set lists it (RFC 7517). */
export function jsonWebKey(privateKey: KeyObject): Record<string, unknown> {
  const publicKey = createPublicKey(privateKey);
  return { ...publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: keyId(privateKey) };
}

/** Signs claims with an RSA private key (RFC 7519, RS256). */
export function signToken(claims: Claims, privateKey: KeyObject): string {
  const header = { typ: "JWT", alg: "RS256", kid: keyId(privateKey) };
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${sign("sha256", Buffer.from(content), privateKey).toString("base64url")}`;
}

/**
 * Reads the claims of a valid token: signed by this key, by this issuer, for this audience, and within its time.
 * @throws an error with the reason otherwise
 */
export function verifyToken(
  token: string,
  publicKey: KeyObject,
  expected: { issuer: string; audience: string },
): Claims {
  const [header = "", payload = "", signature = "", more] = token.split(".");
  if (more !== undefined || signature === "") {
    throw new Error("the token does not have three parts");
  }
  if (decode(header)["alg"] !== "RS256") {
    throw new Error("the token is not signed with RS256");
  }
  const bytes = Buffer.from(signature, "base64url");
  if (!verify("sha256", Buffer.from(`${header}.${payload}`), publicKey, bytes)) {
    throw new Error("the token's signature does not verify");
  }
  const claims = decode(payload);
  const { iss, aud, exp, nbf } = claims;
  const now = Date.now() / 1000;
  if (iss !== expected.issuer) {
    throw new Error(`the token's issuer is ${String(iss)}, not ${expected.issuer}`);
  }
  if (![aud].flat().includes(expected.audience)) {
    throw new Error(`the token's audience is ${String(aud)}, not ${expected.audience}`);
  }
  if (typeof exp !== "number" || exp <= now) {
    throw new Error("the token is expired");
  }
  if (typeof nbf === "number" && nbf > now) {
    throw new Error("the token is not valid yet");
  }
  return claims;
}

/** Writes a token without a signature, for a reader that does not check it. */
export function unsignedToken(claims: Claims): string {
  return `${encode({ alg: "none" })}.${encode(claims)}.`;
}

function keyId(privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64url").slice(0, 20);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Claims {
  const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  if (typeof value !== "object" || value === null) {
    throw new Error("a part of the token is not a JSON object");
  }
  return value as Claims;
}
