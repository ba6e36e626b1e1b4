import type { Explanation, KnownRefusal } from "./explanation.ts";
import { settingsRefusals } from "./settings-refusals.ts";

const unknownLogin = "The registry does not know the login: user or password is wrong, expired or revoked.";
const loginAgain = "Log in again: `docker login REGISTRY`. In a workflow: docker/login-action before this step.";

/**
 * Known refusals, the most specific first. Texts on the left are what GHCR, GitHub, BuildKit and the registry really say;
 * each row comes from reports by users of those services (docs/errors.md lists them with the addresses).
 */
const rows: readonly KnownRefusal[] = [
  {
    words: /secondary rate limit|too ?many ?requests|API rate limit exceeded|abuse detection|^429 /i,
    code: "RATE_LIMITED",
    meaning: "Too many requests in a short time. This is not a missing permission.",
    fix: "Wait for some minutes, then run it again. Where it happens often, let fewer things run beside each other.",
  },
  {
    words: /permission_denied: write_package/i,
    code: "DENIED",
    meaning:
      "The login is right, but it may not write this package. Typically the package was first pushed by hand or by another repository, so it is not linked to this one.",
    fix: "Open the package's settings page, `Manage Actions access` → Add repository → role Write.\nFor an organization: https://github.com/orgs/ORG/packages/container/NAME/settings",
  },
  {
    words: /permission_denied: create_package/i,
    code: "DENIED",
    meaning: "The login is right, but this account may not make packages in this namespace.",
    fix: "Push below an account of your own, or let an owner of the organization make you a member that may create packages (organization Settings → Packages → Package Creation).",
  },
  {
    words: /installation not allowed to Create organization package/i,
    code: "DENIED",
    meaning: "The workflow's token may not create a package in this organization.",
    fix: "Give the job `permissions: packages: write`. If it has that: organization Settings → Packages → Package Creation. App tokens cannot do it: use GITHUB_TOKEN or a classic token.",
  },
  {
    words: /installation not allowed to Write organization package/i,
    code: "DENIED",
    meaning:
      "The workflow's token may not write packages: `packages: write` is missing, the run comes from a fork, or it is an App's token.",
    fix: "Give the job `permissions: packages: write` and use GITHUB_TOKEN or a classic token.",
  },
  {
    words: /does not match expected scopes|is a fine-grained token/i,
    code: "DENIED",
    meaning:
      "The personal access token may not write packages: it lacks the scope `write:packages`, or it is fine-grained.",
    fix: "Use a classic token with `write:packages`, or GITHUB_TOKEN in a workflow. Fine-grained tokens cannot write packages.",
  },
  {
    words: /requested installation does not exist/i,
    code: "DENIED",
    meaning: "GITHUB_TOKEN was used for another owner's packages; it works for the owner of its own repository only.",
    fix: "Push to `ghcr.io/OWNER-OF-THIS-REPOSITORY/…`, or log in with a classic token of the other owner.",
  },
  {
    words:
      /failed to fetch anonymous token|no basic auth credentials|authentication required|401 unauthorized|^401 .*UNAUTHORIZED/i,
    code: "CREDENTIALS_MISSING",
    meaning: "The registry was asked without a login, or the login is wrong.",
    fix: "Log in first: `docker login REGISTRY`. In a workflow: docker/login-action with GITHUB_TOKEN.",
  },
  {
    words: /token service: .* no login was sent/i,
    code: "UNEXPECTED",
    meaning:
      "The registry names a token service at an address where others on the way could read the password. No login was sent.",
    fix: "Check the registry's name. If it is yours, or stands behind a proxy of yours, have it name its token service with https.",
  },
  {
    words: /token endpoint: its answer/i,
    code: "UNEXPECTED",
    meaning: "What answers in the place of the registry's token service gave no token.",
    fix: "Check the registry's name, and whether a proxy or a login page answers in its place.",
  },
  {
    words: /^401 token endpoint/i,
    code: "CREDENTIALS_REFUSED",
    meaning: unknownLogin,
    fix: loginAgain,
  },
  {
    words: /failed to fetch oauth token|token endpoint.*denied|^40[13] .*DENIED: denied$/i,
    code: "CREDENTIALS_REFUSED",
    meaning: "The registry's token service refused: the package is private or does not exist for this login.",
    fix: "Check `docker login REGISTRY`, and that the account may read the package.",
  },
  {
    words:
      /failed to read dockerfile|dockerfile parse error|dockerfile:\d+|failed to solve: process|did not complete successfully|failed to compute cache key/i,
    code: "BUILD_FAILED",
    meaning: "The Dockerfile does not build. Nothing of this image was pushed.",
    fix: "Build it by hand to see the whole output: `docker buildx build --file DOCKERFILE CONTEXT`.",
  },
  {
    words:
      /no builder .*found|buildkit.*(unavailable|connection)|context deadline exceeded|failed to find driver|Cannot connect to the Docker daemon|no such file or directory.*\.sock|dial unix/i,
    code: "BUILDER_UNREACHABLE",
    meaning: "No builder answers.",
    fix: "Start Docker, or name a builder in BUILDX_BUILDER: `docker buildx create --use`. In the sandbox: `npm run sandbox`.",
  },
  {
    words: /requested access to the resource is denied|DENIED|denied:|insufficient_scope/i,
    code: "DENIED",
    meaning: "The login is known but may not do this on this repository.",
    fix: "Give the account write access to the package, or push to a repository that it may write.",
  },
  {
    words: /\b403:? Forbidden$|expected 202, received 403/i,
    code: "DENIED",
    meaning:
      "The login is known but may not do this, and the service does not say why (answers to HEAD carry no text).",
    fix: "Give the account write access to the package or repository; a token may lack a scope. `docker push` to the same place shows the reason.",
  },
  {
    words: /^401 /,
    request: /^\w+ https?:\/\/[^/]+\/v2\//,
    code: "CREDENTIALS_REFUSED",
    meaning: unknownLogin,
    fix: loginAgain,
  },
  {
    words: /^401 |Bad credentials/i,
    code: "CREDENTIALS_REFUSED",
    meaning: "The token is missing, expired or revoked.",
    fix: "Set GITHUB_TOKEN to a valid token: in a workflow `env: GITHUB_TOKEN: ${{ github.token }}`, by hand `export GITHUB_TOKEN=$(gh auth token)`.",
  },
  ...settingsRefusals,
  {
    words: /Resource not accessible by integration|Resource not accessible by personal access token/i,
    code: "DENIED",
    meaning: "The token may not do this in the repository.",
    fix: "Give the job `permissions: contents: write`; with a personal token: Contents read and write on this repository.",
  },
  {
    words: /immutable release/i,
    code: "RELEASE_IMMUTABLE",
    meaning:
      "The Release is immutable: GitHub lets nobody change its tag or assets, and its tag name stays taken even after it is deleted.",
    fix: "This version cannot be completed any more: release the next one.",
    rerun: "it is safe, but it cannot succeed for this version",
  },
  {
    words: /Repository rule violations|Reference update failed|GH013|creations being restricted/i,
    code: "REFUSED_BY_RULE",
    meaning: "A ruleset of the repository or organization forbids this tag.",
    fix: "Repository Settings → Rules → Rulesets: let the account that releases bypass the tag ruleset.",
  },
  {
    words: /content-length|exceeds the maximum|too large|^413 /i,
    code: "UNEXPECTED",
    meaning: "The file is larger than the service takes (a Release asset must be under 2 GiB).",
    fix: "Make the file smaller or split it.",
  },
  {
    words:
      /(answer|asset) is longer than \d+ bytes|more than a million values|address outside of|list names a page again|list has .*\bpages/,
    code: "UNEXPECTED",
    meaning: "No real answer of the service is like that, so nothing was taken from it.",
    fix: "Make sure that GITHUB_API_URL, or the registry's name, is that of the real service, and that no proxy changes its answers.",
  },
  {
    words: /failed to resolve source metadata/i,
    code: "BUILD_FAILED",
    meaning: "An image that the Dockerfile starts from cannot be read. Nothing of this image was pushed.",
    fix: "Check the name in `FROM`, and that the login of this run may read it.",
  },
  {
    words: /^5\d\d |: 5\d\d (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
    code: "SERVER_FAULT",
    meaning: "The service failed, five times in a row.",
    fix: "Look at the service's status page, then run it again.",
  },
  {
    words:
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|UND_ERR|socket hang up|other side closed|connection refused|no such host|^0 |terminated|timeout|no answer/i,
    code: "UNREACHABLE",
    meaning:
      "No answer came, so it is not known whether the last request took effect. The next run looks before it does anything.",
    fix: "Check the network and the service's status page, then run it again.",
  },
  {
    words: /CI: no tokens available|identity token/i,
    code: "CREDENTIALS_MISSING",
    meaning: "Signing needs an OIDC token of the run, and there is none.",
    fix: "Give the workflow's job `permissions: id-token: write`. By hand there is no such token: release in the workflow, or say `signing: off`.",
  },
  {
    words: /error creating (signing certificate|tlog entry|timestamp)|error fetching tlog entry/i,
    code: "SIGNING_FAILED",
    meaning: "Sigstore did not sign. No version tag and no Release is made without the signature.",
    fix: "Look at status.sigstore.dev (or at your own instance), then run it again.",
  },
  {
    words: /^404 /,
    code: "NOT_FOUND",
    meaning: "It does not exist, or the token may not see it: GitHub and registries answer the same for both.",
    fix: "Check the name, and that the token may read it (for a Release on a commit that changes workflows, GitHub wants the `workflow` scope).",
  },
];

const unknownWords: Explanation = {
  code: "UNEXPECTED",
  meaning: "This answer is not in the catalogue of known ones.",
  fix: "Read the reason above. If it does not help, report it with this text.",
};

/**
 * Looks words up in the catalogue of known refusals.
 * @param words the server's words, with the HTTP status in front where there is one ("403 denied: …"; "0 ECONNREFUSED …" = no answer)
 * @param request what was answered so, "METHOD address"; some words mean something else on other requests
 * @returns the first row that matches; for unknown words an explanation that says so
 */
export function explanationOf(words: string, request = ""): Explanation {
  return rows.find((row) => row.words.test(words) && (row.request?.test(request) ?? true)) ?? unknownWords;
}
