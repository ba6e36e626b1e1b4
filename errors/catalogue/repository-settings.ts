import type { KnownRefusal } from "./known-refusal.ts";

/**
 * What GitHub says where the settings and rulesets of a repository are read or set.
 * Sources: docs.github.com/rest/repos/rules; github/branch-deploy#345 (plans), basefoundry/base#1800 ("Invalid rule"),
 * integrations/terraform-provider-github github/util_rules.go ("Invalid property"). The words for a ruleset's name that is taken, one
 * ruleset too many and `evaluate` without GitHub Enterprise are the sandbox's: GitHub's own are not known.
 */
export const repositorySettingsRefusals: readonly KnownRefusal[] = [
  {
    words: /^403 Resource not accessible by/i,
    request: /\/repos\/[^/]+\/[^/]+\/(actions\/(permissions|oidc)|environments)/,
    code: "DENIED",
    meaning:
      "Only administrators of the repository may read and change these settings; a workflow's GITHUB_TOKEN never may.",
    fix: "Set GITHUB_TOKEN to an App's or fine-grained token with `Administration: write` (for `oidcSubject` also `Actions: write`), or to a classic one of an administrator with the scope `repo`.",
  },
  {
    words: /Must have admin rights(?! to Package)|need admin access/i,
    code: "DENIED",
    meaning:
      "Changing settings requires the token of an administrator of the repository or organization; a workflow's GITHUB_TOKEN never is one.",
    fix: "Set GITHUB_TOKEN to an App's token with `Administration: write`, or to a classic token with `repo` and `admin:org` of an administrator.",
  },
  {
    words: /\b303 location/i,
    code: "REFUSED_BY_RULE",
    meaning:
      "The environment lets this pattern of tags or branches deploy already, and the GitHub provider cannot adopt a pattern: someone created it, or the state was lost.",
    fix: "Remove the pattern (repository Settings → Environments → the environment), then run it again: it is created at once.",
    rerun: "yes, but it will fail here until the pattern is removed",
  },
  {
    bare: /^409 /,
    request: /\/actions\/permissions/,
    code: "REFUSED_BY_RULE",
    meaning:
      "The organization, or the enterprise above it, allows less than this, and GitHub does not allow anything below it to differ.",
    fix: "Declare no more than it allows, or let it allow more first: organization Settings → Actions → General (in an organization's stack its own `workflows`).",
    rerun: "yes, but it will fail here as long as the two differ",
  },
  {
    bare: /^409 /,
    request: /\/immutable-releases$/,
    code: "REFUSED_BY_RULE",
    meaning:
      "The organization decides whether its repositories' Releases are immutable, and this repository cannot differ.",
    fix: "Organization Settings → Repository → General → Releases (in an organization's stack its own `immutableReleases`), or `immutableReleases: true` of this repository.",
    rerun: "yes, but it will fail here as long as the two differ",
  },
  {
    words: /Upgrade to GitHub (Pro|Team|Enterprise)/i,
    code: "DENIED",
    meaning: "The plan of this account has no rulesets for private repositories.",
    fix: "Make the repository public, upgrade the plan, or remove `immutableTags`, `releaseProtection` and `freeze` of this repository from the configuration.",
  },
  {
    words: /^422 .*Only \d+ rulesets are allowed/i,
    code: "CONFIGURATION",
    meaning: "GitHub allows 75 rulesets for a repository, and all are used. Nothing was changed.",
    fix: "Remove rulesets that are no longer needed (repository Settings → Rules → Rulesets), or let a ruleset of the organization do what many of them do.",
  },
  {
    words: /^422 .*Name must be unique/i,
    code: "CONFIGURATION",
    meaning:
      "A ruleset of this name exists, and GitHub's list does not show it under that name: another run created it a moment ago, or its name differs by upper and lower case.",
    fix: "Run it again. If it fails here again, compare the names on the page of rulesets (repository Settings → Rules → Rulesets; organization Settings → Repository → Rulesets).",
  },
  {
    words: /^422 .*Enforcement evaluate/i,
    code: "CONFIGURATION",
    meaning: "`evaluate` only reports, and only GitHub Enterprise has it.",
    fix: "Say `enforcement: active` or `enforcement: disabled`.",
  },
  {
    words: /Invalid property \/(rules|bypass_actors|conditions)|^422 .*Invalid rule '/i,
    code: "CONFIGURATION",
    meaning:
      "GitHub does not accept this part of the ruleset: it does not know the kind of rule or actor, a parameter is missing, or the account's plan does not include it. Nothing was changed.",
    fix: "Correct the part that is named; /rules/0 is the first rule. docs.github.com/rest/repos/rules has every kind with its parameters.",
  },
];
