import { api } from "./sample.ts";
import type { Sample } from "./sample.ts";

const upload = "POST https://registry.example.org/v2/acme/app/blobs/uploads/";
const head = "HEAD https://registry.example.org/v2/acme/app/manifests/1.0.0";

export const registrySamples: readonly Sample[] = [
  ["DENIED", /Manage Actions access/, "403 DENIED: permission_denied: write_package"],
  [
    "DENIED",
    /Manage Actions access/,
    "error: failed to solve: failed to push ghcr.io/acme/locked: denied: permission_denied: write_package",
  ],
  ["DENIED", /Manage Actions access/, "response status code 403: denied: permission_denied: write_package"],
  ["DENIED", /Package Creation/, "403 DENIED: permission_denied: create_package"],
  ["DENIED", /packages: write/, "403 DENIED: installation not allowed to Create organization package"],
  [
    "DENIED",
    /Package Creation/,
    "failed to push ghcr.io/acme/app: denied: installation not allowed to Create organization package",
  ],
  ["DENIED", /packages: write/, "403 DENIED: installation not allowed to Write organization package"],
  ["DENIED", /write:packages/, "403 DENIED: permission_denied: The token provided does not match expected scopes."],
  ["DENIED", /write:packages/, "the login is a fine-grained token, and GitHub's registry accepts none"],
  ["DENIED", /OWNER-OF-THIS-REPOSITORY/, "403 DENIED: permission_denied: The requested installation does not exist."],
  ["CREDENTIALS_REFUSED", /may read the package/, "403 token endpoint: DENIED: denied"],
  ["CREDENTIALS_REFUSED", /may read the package/, "401 DENIED: denied"],
  ["CREDENTIALS_REFUSED", /may read the package/, "401 DENIED: denied", head.replace("HEAD", "GET")],
  ["CREDENTIALS_REFUSED", /may read the package/, "failed to authorize: failed to fetch oauth token: denied: denied"],
  [
    "CREDENTIALS_REFUSED",
    /may read the package/,
    "failed to solve: failed to fetch oauth token: unexpected status: 403 Forbidden",
  ],
  ["CREDENTIALS_REFUSED", /Log in again/, '401 token endpoint: {"details":"incorrect username or password"}'],
  ["CREDENTIALS_REFUSED", /Log in again/, "401 token endpoint: UNAUTHORIZED: authentication failed"],
  [
    "CREDENTIALS_REFUSED",
    /Log in again/,
    "failed to solve: ubuntu:focal: failed to resolve source metadata for docker.io/library/ubuntu:focal: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token?scope=repository%3Alibrary%2Fubuntu%3Apull&service=registry.docker.io: 401 Unauthorized",
  ],
  [
    "CREDENTIALS_REFUSED",
    /Log in again/,
    "failed to solve: failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token: 401 Unauthorized: access token has insufficient scopes",
  ],
  [
    "CREDENTIALS_REFUSED",
    /Log in again/,
    "failed to solve: failed to push 192.0.2.7/app: denied: Your authorization token has expired. Reauthenticate and try again.",
  ],
  ["CREDENTIALS_REFUSED", /Log in again/, "401 no words", upload],
  [
    "CREDENTIALS_MISSING",
    /Log in first/,
    "failed to fetch anonymous token: unexpected status from GET request to http://127.0.0.1:5000/token?scope=x: 403 Forbidden",
  ],
  [
    "CREDENTIALS_MISSING",
    /Log in first/,
    "failed to solve: failed to push ghcr.io/acme/app: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=x: 401 Unauthorized",
  ],
  ["CREDENTIALS_MISSING", /Log in first/, "401 UNAUTHORIZED: authentication required"],
  ["CREDENTIALS_MISSING", /Log in first/, "401 UNAUTHORIZED: authentication required", upload],
  ["CREDENTIALS_MISSING", /Log in first/, "401 Unauthorized", head],
  ["CREDENTIALS_MISSING", /Log in first/, "no basic auth credentials"],
  [
    "CREDENTIALS_MISSING",
    /Log in first/,
    "failed to solve: failed to push registry.example.org/acme/app: unexpected status from HEAD request to https://registry.example.org/v2/acme/app/blobs/sha256:ab: 401 Unauthorized",
  ],
  ["CREDENTIALS_MISSING", /Log in first/, "error: failed to solve: unexpected status: 401 Unauthorized"],
  [
    "UNEXPECTED",
    /with https/,
    "401 token service: http://192.0.2.7 is not https, so no login was sent",
    head.replace("HEAD", "GET"),
  ],
  ["UNEXPECTED", /login page/, "200 token endpoint: its answer has no token"],
  [
    "DENIED",
    /write access/,
    "unexpected status from HEAD request to https://ghcr.io/v2/acme/app/blobs/sha256:ab: 403 Forbidden",
  ],
  ["DENIED", /write access/, "403 Forbidden"],
  ["DENIED", /write access/, "403: Forbidden"],
  ["DENIED", /that it may write to/, "403 DENIED: requested access to the resource is denied"],
  ["DENIED", /that it may write to/, "403 DENIED"],
  [
    "DENIED",
    /that it may write to/,
    "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  ],
  [
    "DENIED",
    /that it may write to/,
    "failed to solve: failed to push quay.io/acme/app: unauthorized: access to the requested resource is not authorized",
  ],
  ["NOT_FOUND", /Check the name/, "404 MANIFEST_UNKNOWN: manifest unknown"],
  ["RATE_LIMITED", /Wait/, "429 toomanyrequests: retry-after: 1.16676ms, allowed: 44000/minute"],
  ["RATE_LIMITED", /Wait/, "429 TOOMANYREQUESTS: retry-after: 10.305464ms, allowed: 2000/minute"],
  ["RATE_LIMITED", /Wait/, "403 DENIED: You have exceeded a secondary rate limit, permission_denied: write_package"],
  // A repository of GitHub's may be called v2.
  ["CREDENTIALS_REFUSED", /Set GITHUB_TOKEN/, "401 Bad credentials", `GET ${api}/repos/acme/v2/releases`],
];
