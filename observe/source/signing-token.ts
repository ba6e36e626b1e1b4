/**
 * Whether this run can get an OIDC token to sign with: GitHub Actions with `id-token: write`, a token in the environment, or Buildkite.
 * Source: the providers of CIContextProvider in @sigstore/sign.
 */
export function hasSigningToken(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (
    (Boolean(environment["ACTIONS_ID_TOKEN_REQUEST_URL"]) && Boolean(environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])) ||
    Boolean(environment["SIGSTORE_ID_TOKEN"]) ||
    environment["BUILDKITE"] === "true"
  );
}
