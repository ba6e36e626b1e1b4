import type { KnownRefusal } from "./known-refusal.ts";

/** The way out if a registry was asked without a login. */
export const logInFirst =
  "Log in first: `docker login REGISTRY`. In a workflow: docker/login-action with GITHUB_TOKEN.";

/** Where a registry itself answers, as opposed to its token service. */
const ofRegistry = /^\w+ https?:\/\/[^/]+\/v2\//;

const noLogin = {
  about: "token",
  code: "CREDENTIALS_MISSING",
  meaning: "The registry was asked without a login, or the login is wrong.",
  fix: logInFirst,
} as const;

const unknownLogin = {
  about: "token",
  code: "CREDENTIALS_REFUSED",
  meaning: "The registry does not accept the login: the user or password is wrong, expired or revoked.",
  fix: "Log in again: `docker login REGISTRY`. In a workflow: docker/login-action before this step.",
} as const;

/**
 * What registries and their token services say, to Lockstep's own requests and to a builder that pushes or pulls.
 * Sources: users' reports of GHCR's words, tridz-dev/huf#349 (write_package), pinchbench/skill#17 and bachp/git-mirror#516 (installation …),
 * daltoniam/switchboard#139 (scopes), grafana/k6#2111 (requested installation), sigstore/scaffolding#127 (`DENIED: denied`); BuildKit's,
 * moby/buildkit#4456 and docker/buildx#3335 (oauth token), docker/buildx#780 (bare 401), docker/build-push-action#981 (bare 403).
 */
export const registryRefusals: readonly KnownRefusal[] = [
  {
    words: /permission_denied: write_package/i,
    code: "DENIED",
    meaning:
      "The credentials are valid but cannot write to this package. Typically it was first pushed by hand or by another repository, so it is not linked to this one.",
    fix: (page = "For an organization: https://github.com/orgs/ORG/packages/container/NAME/settings") =>
      `Open the package's settings page, \`Manage Actions access\` → Add repository → role Write.\n${page}`,
  },
  {
    words: /permission_denied: create_package/i,
    code: "DENIED",
    meaning: "The credentials are valid but cannot create packages in this namespace.",
    fix: "Push to a namespace of your own account, or ask an owner of the organization to let members create packages (organization Settings → Packages → Package Creation).",
  },
  {
    words: /installation not allowed to Create organization package/i,
    about: "token",
    code: "DENIED",
    meaning: "The workflow's token may not create a package in this organization.",
    fix: "Give the job `permissions: packages: write`. If it has that: organization Settings → Packages → Package Creation. An App's token cannot create packages: use GITHUB_TOKEN or a classic token.",
  },
  {
    words: /installation not allowed to Write organization package/i,
    about: "token",
    code: "DENIED",
    meaning:
      "The workflow's token may not write packages: `packages: write` is missing, the run comes from a fork, or it is an App's token.",
    fix: "Give the job `permissions: packages: write` and use GITHUB_TOKEN or a classic token.",
  },
  {
    words: /does not match expected scopes|is a fine-grained token/i,
    about: "token",
    code: "DENIED",
    meaning:
      "The personal access token may not write packages: the scope `write:packages` is missing, or it is fine-grained.",
    fix: "Use a classic token with `write:packages`, or GITHUB_TOKEN in a workflow. Fine-grained tokens cannot write packages.",
  },
  {
    words: /requested installation does not exist/i,
    about: "token",
    code: "DENIED",
    meaning: "GITHUB_TOKEN was used for another owner's packages; it works only for the owner of its own repository.",
    fix: "Push to `ghcr.io/OWNER-OF-THIS-REPOSITORY/…`, or log in with a classic token of the other owner.",
  },
  {
    ...noLogin,
    words: /failed to fetch anonymous token|no basic auth credentials|authentication required|^401 UNAUTHORIZED: /i,
  },
  // A HEAD is answered without any text.
  { ...noLogin, words: /^401 Unauthorized$/i, request: ofRegistry },
  { ...noLogin, bare: /: 401 Unauthorized\b/i },
  {
    ...unknownLogin,
    words: /^401 token endpoint: |failed to fetch oauth token: .*\b401 Unauthorized|authorization token has expired/i,
  },
  { ...unknownLogin, bare: /^401 /, request: ofRegistry },
  {
    words: /^403 token endpoint: |^40[13] DENIED: denied$|failed to fetch oauth token: (denied|.*\b40[03] )/i,
    about: "token",
    code: "CREDENTIALS_REFUSED",
    meaning: "The registry's token service refused: the package is private or does not exist for this login.",
    fix: "Check `docker login REGISTRY`, and that the account may read the package.",
  },
  {
    words: /token service: .* no login was sent/i,
    about: "token",
    code: "UNEXPECTED",
    meaning:
      "The registry names a token service at an address where others on the way could read the password. No login was sent.",
    fix: "Check the registry's name. If the registry, or a proxy in front of it, is yours, let it name its token service with https.",
  },
  {
    words: /token endpoint: its answer/i,
    code: "UNEXPECTED",
    meaning: "What answers in the place of the registry's token service gave no token.",
    fix: "Check the registry's name, and whether a proxy or a login page answers in its place.",
  },
  {
    // No status, or 403: with another one the word says less than the status.
    bare: /^(403 |(?!\d{3} )).*(\bdenied\b|insufficient_scope|\bnot authorized\b)/is,
    code: "DENIED",
    meaning: "The credentials are valid but do not allow this on this repository.",
    fix: "Give the account write access to the package, or push to a repository that it may write to.",
  },
  {
    bare: /\b403:? Forbidden$/i,
    code: "DENIED",
    meaning:
      "The credentials are valid but do not allow this, and the service does not say why (answers to HEAD have no text).",
    fix: "Give the account write access to the package or repository; a scope of the token may be missing as well. `docker push` to the same place shows the reason.",
  },
];
