import { ReleaseError } from "../errors/release-error.ts";

/**
 * Returns a token if it can be sent. Node's error quotes a header that it cannot send, so a token with a line end in it would be printed.
 * Nothing is trimmed: a token with extra characters was not stored as it was issued.
 * @param token one word of ASCII, without blanks and line ends
 * @param origin its source, for the error: "GITHUB_TOKEN", "the token service of ghcr.io"
 * @throws ReleaseError CREDENTIALS_REFUSED, which does not show the token
 */
export function requireUsableToken(token: string, origin: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) {
    return token;
  }
  throw makeUnusableError(
    origin,
    "a token is one word of ASCII characters, but this one contains a blank, a line end or another character",
  );
}

/**
 * Returns a password if it can be sent. Unlike a token, it may have blanks and letters of any alphabet, because Basic authentication encodes it.
 * @param origin its source, for the error
 * @throws ReleaseError CREDENTIALS_REFUSED, which does not show the password
 */
export function requireUsablePassword(password: string, origin: string): string {
  if (!/\p{Cc}/u.test(password)) {
    return password;
  }
  throw makeUnusableError(origin, "this password contains a line end or another control character");
}

function makeUnusableError(origin: string, reason: string): ReleaseError {
  return new ReleaseError({
    code: "CREDENTIALS_REFUSED",
    step: `reading ${origin}`,
    reason,
    meaning:
      "It cannot be the one that was issued: several lines were pasted, or it was stored with a line end. It was not sent.",
    fix: "Store it again with nothing around it. In a shell: `export GITHUB_TOKEN=$(gh auth token)` or `docker login REGISTRY`; in a workflow: set the secret again.",
  });
}
