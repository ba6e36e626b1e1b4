import { ReleaseError } from "../errors/release-error.ts";

/**
 * A token that can be sent. Node quotes a header that it cannot send in its error, so a token with a line end in it would be printed.
 * Nothing is trimmed: a token with something around it was not stored as it was issued.
 * @param token one word of ASCII, without blanks and line ends
 * @param origin where it comes from, for the error: "GITHUB_TOKEN", "the token service of ghcr.io"
 * @throws ReleaseError CREDENTIALS_REFUSED, which does not show the token
 */
export function usableToken(token: string, origin: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) {
    return token;
  }
  throw unusable(
    origin,
    "a token is one word of ASCII characters, and this one has a blank, a line end or another character in it",
  );
}

/**
 * A password that can be sent. Unlike a token it may have blanks and letters of any alphabet, because Basic authentication sends it encoded.
 * @param origin where it comes from, for the error
 * @throws ReleaseError CREDENTIALS_REFUSED, which does not show the password
 */
export function usablePassword(password: string, origin: string): string {
  if (!/\p{Cc}/u.test(password)) {
    return password;
  }
  throw unusable(origin, "this password has a line end or another control character in it");
}

function unusable(origin: string, reason: string): ReleaseError {
  return new ReleaseError({
    code: "CREDENTIALS_REFUSED",
    step: `reading ${origin}`,
    reason,
    meaning:
      "It cannot be the one that was issued: several lines were pasted, or it was stored with a line end. It was not sent.",
    fix: "Store it again without anything around it. In a shell: `export GITHUB_TOKEN=$(gh auth token)` or `docker login REGISTRY`; in a workflow: set the secret anew.",
  });
}
