import type { KnownRefusal } from "./known-refusal.ts";

const classicToken = {
  code: "DENIED",
  meaning:
    "This token may not list packages. GitHub lists them for classic tokens with `read:packages`, and for no other kind: GITHUB_TOKEN of a workflow and Apps' tokens get `Invalid argument.`.",
  fix: "Set GITHUB_TOKEN to a classic token with the scope `read:packages` for this command.",
} as const;

/**
 * What GitHub says of releases, tags, packages and the token of the run.
 * Sources: docs.github.com/rest/packages, cli/cli#9606 ("Invalid argument.").
 */
export const gitHubRefusals: readonly KnownRefusal[] = [
  {
    bare: /^401 |\bBad credentials\b/i,
    about: "token",
    code: "CREDENTIALS_REFUSED",
    meaning: "The token is missing, expired or revoked.",
    fix: "Set GITHUB_TOKEN to a valid token: in a workflow `env: GITHUB_TOKEN: ${{ github.token }}`, by hand `export GITHUB_TOKEN=$(gh auth token)`.",
  },
  {
    words: /Resource not accessible by (integration|personal access token)/i,
    code: "DENIED",
    meaning: "The token may not do this in the repository.",
    fix: "Give the job `permissions: contents: write`; with a personal token: Contents read and write on this repository.",
  },
  { ...classicToken, words: /^400 Invalid argument\.|You need at least read:packages scope/i },
  {
    ...classicToken,
    words: /^403 Resource not accessible by/i,
    request: /^GET .*\/(orgs|users)\/[^/]+\/packages$/,
  },
  {
    ...classicToken,
    words: /^403 Resource not accessible by personal access token/i,
    request: /^GET .*\/packages\/container\//,
    meaning:
      "GitHub shows packages to classic tokens with `read:packages`, and outside of a workflow to no other kind of token: a fine-grained one sees none.",
  },
  {
    words: /Must have admin rights to Package/i,
    code: "DENIED",
    meaning: "Only administrators of a package may delete it or its versions.",
    fix: "Package settings → Manage access → role Admin for the token's owner; in a workflow Manage Actions access → role Admin for the repository.",
  },
  {
    words: /immutable release/i,
    code: "RELEASE_IMMUTABLE",
    meaning:
      "The Release is immutable: GitHub does not allow changing its tag or assets, and its tag name cannot be used again, even after it is deleted.",
    fix: "This version can no longer be completed: release the next one.",
    rerun: "yes, but it cannot succeed for this version",
  },
  {
    // GitHub also says it of a tag name that an immutable Release had, which no bypass can change.
    words:
      /^(?!.*immutable release).*(Repository rule violations|Reference update failed|GH013|creations being restricted)/is,
    code: "REFUSED_BY_RULE",
    meaning: "A ruleset of the repository or organization forbids this tag.",
    fix: "Repository Settings → Rules → Rulesets: let the account that releases bypass the tag ruleset.",
  },
];
