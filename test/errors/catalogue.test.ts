import { describe, expect, it } from "vitest";
import { explanationOf } from "../../errors/catalogue.ts";
import type { ErrorCode } from "../../errors/release-error.ts";

/** Words of services and tools as they were seen, with the status in front where a client of ours adds it. */
const seen: readonly [code: ErrorCode, fix: RegExp, words: string][] = [
  ["DENIED", /Manage Actions access/, "403 DENIED: permission_denied: write_package"],
  [
    "DENIED",
    /Manage Actions access/,
    "error: failed to solve: failed to push ghcr.io/acme/locked: denied: permission_denied: write_package",
  ],
  ["DENIED", /Manage Actions access/, "response status code 403: denied: permission_denied: write_package"],
  ["DENIED", /packages: write/, "403 DENIED: installation not allowed to Create organization package"],
  [
    "DENIED",
    /packages: write/,
    "failed to push ghcr.io/acme/app: denied: installation not allowed to Create organization package",
  ],
  ["DENIED", /packages: write/, "403 DENIED: installation not allowed to Write organization package"],
  ["DENIED", /write:packages/, "403 DENIED: permission_denied: The token provided does not match expected scopes."],
  ["DENIED", /OWNER-OF-THIS-REPOSITORY/, "403 DENIED: permission_denied: The requested installation does not exist."],
  ["CREDENTIALS_REFUSED", /docker login/, "403 token endpoint: DENIED: denied"],
  ["CREDENTIALS_REFUSED", /docker login/, "401 DENIED: denied"],
  ["CREDENTIALS_REFUSED", /docker login/, '401 token endpoint: {"details":"incorrect username or password"}'],
  ["CREDENTIALS_REFUSED", /docker login/, "failed to authorize: failed to fetch oauth token: denied: denied"],
  [
    "CREDENTIALS_MISSING",
    /docker login/,
    "failed to fetch anonymous token: unexpected status from GET request to http://127.0.0.1:5000/token?scope=x: 403 Forbidden",
  ],
  ["CREDENTIALS_MISSING", /docker login/, "401 UNAUTHORIZED: authentication required"],
  ["CREDENTIALS_MISSING", /docker login/, "no basic auth credentials"],
  [
    "DENIED",
    /write access/,
    "unexpected status from HEAD request to https://ghcr.io/v2/acme/app/blobs/sha256:ab: 403 Forbidden",
  ],
  ["DENIED", /write access/, "403 Forbidden"],
  ["UNEXPECTED", /proxy/, "200 the answer is longer than 67108864 bytes"],
  ["UNEXPECTED", /proxy/, "200 the document has more than a million values"],
  ["UNEXPECTED", /proxy/, "200 GitHub named an address outside of https://api.github.com; nothing was sent there"],
  ["UNEXPECTED", /proxy/, "200 the list names a page again that was read already"],
  ["UNEXPECTED", /proxy/, "200 the list has 30000 pages, and 1000 are read at most"],
  ["DENIED", /write access/, "403: Forbidden"],
  ["DENIED", /write access/, "Error uploading artifact to container registry: expected 202, received 403"],
  [
    "DENIED",
    /write access/,
    "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  ],
  [
    "RATE_LIMITED",
    /Wait/,
    "403 You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  ],
  ["RATE_LIMITED", /Wait/, "403 API rate limit exceeded for installation ID 1234."],
  ["RATE_LIMITED", /Wait/, "429 toomanyrequests: retry-after: 1.16676ms, allowed: 44000/minute"],
  ["RATE_LIMITED", /Wait/, "429 TOOMANYREQUESTS: retry-after: 10.305464ms, allowed: 2000/minute"],
  [
    "RATE_LIMITED",
    /Wait/,
    "error: failed to solve: toomanyrequests: You have reached your unauthenticated pull rate limit.",
  ],
  [
    "RATE_LIMITED",
    /Wait/,
    "unexpected status from POST request to https://ghcr.io/v2/acme/app/blobs/uploads/: 429 Too Many Requests",
  ],
  ["RATE_LIMITED", /Wait/, "403 DENIED: You have exceeded a secondary rate limit, permission_denied: write_package"],
  ["CREDENTIALS_REFUSED", /GITHUB_TOKEN/, "401 Bad credentials"],
  ["CREDENTIALS_REFUSED", /GITHUB_TOKEN/, "401 Requires authentication"],
  ["DENIED", /contents: write/, "403 Resource not accessible by integration"],
  ["DENIED", /contents: write/, "403 Resource not accessible by personal access token"],
  ["DENIED", /read:packages/, "400 Invalid argument."],
  ["DENIED", /read:packages/, "403 You need at least read:packages scope to list packages."],
  ["DENIED", /role Admin/, "403 Must have admin rights to Package."],
  ["DENIED", /Administration: write/, "403 Must have admin rights to Repository."],
  [
    "DENIED",
    /Make the repository public/,
    "403 Upgrade to GitHub Pro or make this repository public to enable this feature.",
  ],
  ["DENIED", /upgrade the plan/, "403 Upgrade to GitHub Team to enable this feature."],
  ["DENIED", /upgrade the plan/, "403 Upgrade to GitHub Enterprise to enable this feature."],
  ["CONFIGURATION", /Remove rulesets/, "422 Validation Failed: Only 75 rulesets are allowed"],
  ["CONFIGURATION", /Run it again/, "422 Validation Failed: Name must be unique"],
  [
    "CONFIGURATION",
    /enforcement: active/,
    "422 Validation Failed: Enforcement evaluate is available with GitHub Enterprise only",
  ],
  [
    "CONFIGURATION",
    /first rule/,
    "422 Invalid request. Invalid property /rules/0: data matches no possible input. See `documentation_url`.",
  ],
  ["CONFIGURATION", /rest\/repos\/rules/, "422 Invalid request. Invalid property /bypass_actors: data cannot be null."],
  ["CONFIGURATION", /rest\/repos\/rules/, "422 Validation Failed: Invalid rule 'branch_name_pattern': "],
  ["RELEASE_IMMUTABLE", /next one/, "422 Cannot upload assets to an immutable release."],
  [
    "RELEASE_IMMUTABLE",
    /next one/,
    "422 tag_name was used by an immutable release; pre_receive Repository rule violations found",
  ],
  ["REFUSED_BY_RULE", /Rulesets/, "422 Reference update failed"],
  [
    "REFUSED_BY_RULE",
    /Rulesets/,
    "422 pre_receive Repository rule violations found: Cannot create ref due to creations being restricted.",
  ],
  [
    "BUILD_FAILED",
    /buildx build/,
    'failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
  ],
  [
    "BUILD_FAILED",
    /buildx build/,
    'failed to solve: process "/bin/sh -c ./run.sh" did not complete successfully: /run.sh: permission denied: exit code: 126',
  ],
  ["BUILD_FAILED", /buildx build/, "failed to solve: dockerfile parse error on line 3: unknown instruction: FORM"],
  [
    "BUILD_FAILED",
    /buildx build/,
    'failed to compute cache key: failed to calculate checksum of ref x: "/greeting.txt": not found',
  ],
  [
    "BUILD_FAILED",
    /FROM/,
    "failed to solve: alpine:nope: failed to resolve source metadata for docker.io/library/alpine:nope: not found",
  ],
  [
    "BUILDER_UNREACHABLE",
    /buildx create/,
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  ],
  ["BUILDER_UNREACHABLE", /buildx create/, "dial unix /var/run/docker.sock: connect: permission denied"],
  ["BUILDER_UNREACHABLE", /buildx create/, 'no builder "sandbox" found'],
  ["UNREACHABLE", /network/, "0 connect ECONNREFUSED 127.0.0.1:5000"],
  ["UNREACHABLE", /network/, "0 other side closed"],
  ["UNREACHABLE", /network/, "getaddrinfo ENOTFOUND ghcr.io"],
  ["SERVER_FAULT", /status page/, "500 Internal Server Error"],
  ["SERVER_FAULT", /status page/, "502 Bad Gateway"],
  ["SERVER_FAULT", /status page/, "504 Gateway Timeout"],
  [
    "SERVER_FAULT",
    /status page/,
    "unexpected status from PUT request to https://ghcr.io/v2/acme/app/manifests/x: 503 Service Unavailable",
  ],
  ["NOT_FOUND", /name/, "404 Not Found"],
  ["NOT_FOUND", /name/, "404 MANIFEST_UNKNOWN: manifest unknown"],
  ["UNEXPECTED", /report/, "418 I'm a teapot"],
  ["UNEXPECTED", /report/, "x is not a function"],
  ["UNEXPECTED", /report/, ""],
];

describe("explanationOf", () => {
  it.each(seen)("says %s (%s): %s", (code, fix, words) => {
    const explanation = explanationOf(words);
    expect({ code: explanation.code, fix: explanation.fix }).toEqual({ code, fix: expect.stringMatching(fix) });
  });

  it("never calls a rate limit a missing permission", () => {
    const limits = seen
      .filter(([, , words]) => /rate limit|too ?many ?requests/i.test(words))
      .map(([, , words]) => explanationOf(words));
    expect(limits.length).toBeGreaterThan(5);
    expect(new Set(limits.map(({ code }) => code))).toEqual(new Set(["RATE_LIMITED"]));
    expect(limits.every(({ fix }) => !/permissions|write access|docker login/.test(fix))).toBe(true);
  });

  it.each(seen)("says more than a bare status (%s, %s): %s", (_, __, words) => {
    const { meaning, fix } = explanationOf(words);
    expect([meaning, fix].filter((text) => /^\d{3}$|^$/.test(text))).toEqual([]);
  });
});

describe("explanationOf, when the same words mean something else on another request", () => {
  const api = "https://api.github.com";
  it.each([
    [
      "DENIED",
      /read:packages/,
      "403 Resource not accessible by personal access token",
      `GET ${api}/orgs/acme/packages`,
    ],
    ["DENIED", /contents: write/, "403 Resource not accessible by integration", `POST ${api}/repos/acme/app/releases`],
    ["NOT_FOUND", /lockstep:organization/, "404 Not Found", `GET ${api}/orgs/acme/packages`],
    ["NOT_FOUND", /Check the name/, "404 Package not found.", `GET ${api}/orgs/acme/packages/container/app`],
    ["NOT_FOUND", /Check the name/, "404 Not Found", `GET ${api}/repos/acme/app/rulesets`],
    ["NOT_FOUND", /owner of the organization/, "404 Not Found", `GET ${api}/orgs/acme/rulesets`],
    ["NOT_FOUND", /owner of the organization/, "404 Not Found", `GET ${api}/orgs/acme/settings/immutable-releases`],
    ["DENIED", /admin:org/, "404 Not Found", `GET ${api}/orgs/acme/actions/permissions`],
    [
      "DENIED",
      /`Administration: write`/,
      "403 Resource not accessible by integration",
      `PUT ${api}/repos/acme/app/actions/permissions/workflow`,
    ],
    [
      "DENIED",
      /`Actions: write`/,
      "403 Resource not accessible by personal access token",
      `PUT ${api}/repos/acme/app/actions/oidc/customization/sub`,
    ],
    [
      "REFUSED_BY_RULE",
      /Settings → Environments/,
      "303 location <nil>",
      `POST ${api}/repos/acme/app/environments/prod/deployment-branch-policies`,
    ],
    ["REFUSED_BY_RULE", /Actions → General/, "409 Conflict", `PUT ${api}/repos/acme/app/actions/permissions/workflow`],
    ["DENIED", /admin:org/, "403 Resource not accessible by integration", `POST ${api}/orgs/acme/rulesets`],
    [
      "DENIED",
      /admin:org/,
      "403 Resource not accessible by personal access token",
      `PUT ${api}/orgs/acme/settings/immutable-releases`,
    ],
    [
      "DENIED",
      /below `repositories`/,
      "403 Upgrade to GitHub Team to enable this feature.",
      `GET ${api}/orgs/acme/rulesets`,
    ],
    [
      "DENIED",
      /below `repositories`/,
      "403 Upgrade to GitHub Enterprise to enable this feature.",
      `GET ${api}/orgs/acme/rulesets`,
    ],
    [
      "CONFIGURATION",
      /organization Settings/,
      "422 Validation Failed: Only 75 rulesets are allowed",
      `POST ${api}/orgs/acme/rulesets`,
    ],
    [
      "CONFIGURATION",
      /rest\/repos\/rules/,
      "422 Invalid request. Invalid property /conditions: data matches no possible input. See `documentation_url`.",
      `POST ${api}/orgs/acme/rulesets`,
    ],
    ["REFUSED_BY_RULE", /Organization Settings/, "409 Conflict", `DELETE ${api}/repos/acme/app/immutable-releases`],
    ["UNEXPECTED", /report/, "409 Conflict", `PUT ${api}/repos/acme/app/topics`],
    [
      "CREDENTIALS_REFUSED",
      /docker login/,
      "401 no words",
      "POST https://registry.example.org/v2/acme/app/blobs/uploads/",
    ],
    ["CREDENTIALS_REFUSED", /Set GITHUB_TOKEN/, "401 Bad credentials", `GET ${api}/repos/acme/v2/releases`],
  ])("says %s (%s): %s to %s", (code, fix, words, request) => {
    expect(explanationOf(words, request)).toMatchObject({ code, fix: expect.stringMatching(fix) });
  });
});
