import type { KnownRefusal } from "./explanation.ts";

const listedByClassic =
  "This token may not list packages: GitHub lets classic tokens with `read:packages` do it, and no other kind (GITHUB_TOKEN of a workflow and Apps' tokens are answered `Invalid argument.`).";
const classicToken = "Set GITHUB_TOKEN to a classic token with the scope `read:packages` for this command.";

/** Rulesets and immutable Releases of an organization as such. */
const ofOrganization = /\/orgs\/[^/]+\/(rulesets|settings\/immutable-releases)/;

/**
 * What GitHub says where the settings and packages of an organization are read or set, the most specific first.
 * Sources: docs.github.com/rest/repos/rules, docs.github.com/rest/packages; github/branch-deploy#345 and
 * FociSolutions/github-foundations#73 (plans), basefoundry/base#1800 ("Invalid rule"), integrations/terraform-provider-github
 * github/util_rules.go ("Invalid property"), cli/cli#9606 ("Invalid argument."). The words for a ruleset's name that is taken, one ruleset
 * too many and `evaluate` without GitHub Enterprise are the sandbox's: GitHub's own are not known.
 */
export const settingsRefusals: readonly KnownRefusal[] = [
  {
    words: /^400 Invalid argument\.|You need at least read:packages scope/i,
    code: "DENIED",
    meaning: listedByClassic,
    fix: classicToken,
  },
  {
    words: /^403 Resource not accessible by/i,
    request: /^GET .*\/(orgs|users)\/[^/]+\/packages$/,
    code: "DENIED",
    meaning: listedByClassic,
    fix: classicToken,
  },
  {
    words: /^403 Resource not accessible by personal access token/i,
    request: /^GET .*\/packages\/container\//,
    code: "DENIED",
    meaning:
      "A fine-grained token is shown no packages: GitHub shows them to classic tokens with `read:packages`, and outside of a workflow to no other kind.",
    fix: classicToken,
  },
  {
    words: /^404 /,
    request: /\/orgs\/[^/]+\/packages$/,
    code: "NOT_FOUND",
    meaning:
      "There is no organization of this name, or the token may not see it: GitHub answers the same for both. A person's account is none.",
    fix: "Check `lockstep:organization`, and that the token is of a member of the organization.",
  },
  {
    words: /^404 /,
    request: ofOrganization,
    code: "NOT_FOUND",
    meaning:
      "There is no organization of this name, or the token may not see its settings: GitHub answers the same for both. A person's account has none.",
    fix: "Check `lockstep:organization`, and that the token is of an owner of the organization.",
  },
  {
    words: /^403 Resource not accessible by/i,
    request: ofOrganization,
    code: "DENIED",
    meaning:
      "Rulesets and immutable Releases of a whole organization take its own permission `Administration` (read and write); the one of repositories does not do.",
    fix: "Set GITHUB_TOKEN to an App's or fine-grained token with the organization's permission `Administration: write`, or to a classic one of an owner with the scope `admin:org`.",
  },
  {
    words: /Upgrade to GitHub (Team|Enterprise)/i,
    request: ofOrganization,
    code: "DENIED",
    meaning: "The plan of this organization does not have rulesets for the whole organization. Nothing was changed.",
    fix: "Upgrade the organization's plan, or declare `immutableTags`, `releaseProtection` and `freeze` below `repositories`: public repositories have rulesets on every plan.",
  },
  {
    words: /^40[34] (Resource not accessible by|Not Found)/i,
    request: /\/orgs\/[^/]+\/actions\/permissions/,
    code: "DENIED",
    meaning: "What workflows may do in a whole organization is read and set by its owners.",
    fix: "Set GITHUB_TOKEN to an App's or fine-grained token with the organization's permission `Administration: write`, or to a classic one of an owner with the scope `admin:org`.",
  },
  {
    words: /^403 Resource not accessible by/i,
    request: /\/repos\/[^/]+\/[^/]+\/(actions\/(permissions|oidc)|environments)/,
    code: "DENIED",
    meaning:
      "Settings are read and set by those who administrate the repository; a workflow's GITHUB_TOKEN never does.",
    fix: "Set GITHUB_TOKEN to an App's or fine-grained token with `Administration: write` (for `oidcSubject` also `Actions: write`), or to a classic one of an administrator with the scope `repo`.",
  },
  {
    words: /\b303 location/i,
    code: "REFUSED_BY_RULE",
    meaning:
      "The environment lets this pattern of tags or branches deploy already, and the GitHub provider cannot take a pattern over: somebody made it, or the state was lost.",
    fix: "Remove the pattern (repository Settings → Environments → the environment), then run it again: it is made at once.",
    rerun: "yes, but it ends here again as long as the pattern is there",
  },
  {
    words: /^409 /,
    request: /\/actions\/permissions/,
    code: "REFUSED_BY_RULE",
    meaning:
      "The organization, or the enterprise above it, allows less than this, and GitHub lets nobody below it differ.",
    fix: "Declare no more than it allows, or let it allow more first: organization Settings → Actions → General (in an organization's stack its own `workflows`).",
    rerun: "yes, but it ends here again as long as the two differ",
  },
  {
    words: /^409 /,
    request: /\/immutable-releases$/,
    code: "REFUSED_BY_RULE",
    meaning:
      "The organization decides whether its repositories' Releases are immutable, and this repository cannot differ.",
    fix: "Organization Settings → Repository → General → Releases (in an organization's stack its own `immutableReleases`), or `immutableReleases: true` of this repository.",
    rerun: "yes, but it ends here again as long as the two differ",
  },
  {
    words: /Upgrade to GitHub (Pro|Team|Enterprise)/i,
    code: "DENIED",
    meaning: "The plan of this account does not have rulesets for private repositories.",
    fix: "Make the repository public, upgrade the plan, or take `immutableTags`, `releaseProtection` and `freeze` of this repository out of the configuration.",
  },
  {
    words: /Must have admin rights to Package/i,
    code: "DENIED",
    meaning: "Packages and their versions are deleted by those who administrate the package.",
    fix: "Package settings → Manage access → role Admin for the token's owner; in a workflow Manage Actions access → role Admin for the repository.",
  },
  {
    words: /Must have admin rights|need admin access/i,
    code: "DENIED",
    meaning:
      "Settings take a token of somebody who administrates the repository or organization; a workflow's GITHUB_TOKEN never does.",
    fix: "Set GITHUB_TOKEN to an App's token with `Administration: write`, or to a classic token with `repo` and `admin:org` of an administrator.",
  },
  {
    words: /^422 .*Only \d+ rulesets are allowed/i,
    request: ofOrganization,
    code: "CONFIGURATION",
    meaning: "GitHub takes 75 rulesets for an organization, and all are used. Nothing was changed.",
    fix: "Remove rulesets that nobody needs (organization Settings → Repository → Rulesets), or let one with more patterns of repositories do what many of them do.",
  },
  {
    words: /^422 .*Only \d+ rulesets are allowed/i,
    code: "CONFIGURATION",
    meaning: "GitHub takes 75 rulesets for a repository, and all are used. Nothing was changed.",
    fix: "Remove rulesets that nobody needs (repository Settings → Rules → Rulesets), or let a ruleset of the organization do what many of them do.",
  },
  {
    words: /^422 .*Name must be unique/i,
    code: "CONFIGURATION",
    meaning:
      "A ruleset of this name is there, and GitHub's list does not show it under it: another run made it a moment ago, or its name differs by upper and lower case.",
    fix: "Run it again. If it ends here again, compare the names on the page of rulesets (repository Settings → Rules → Rulesets; organization Settings → Repository → Rulesets).",
  },
  {
    words: /^422 .*Enforcement evaluate/i,
    code: "CONFIGURATION",
    meaning: "`evaluate` only reports, and GitHub Enterprise alone has it.",
    fix: "Say `enforcement: active` or `enforcement: disabled`.",
  },
  {
    words: /Invalid property \/(rules|bypass_actors|conditions)|^422 .*Invalid rule '/i,
    code: "CONFIGURATION",
    meaning:
      "GitHub does not take this part of the ruleset: it does not know the kind of rule or actor, a parameter is missing, or the account's plan lacks it. Nothing was changed.",
    fix: "Correct the part that is named; /rules/0 is the first rule. docs.github.com/rest/repos/rules has every kind with its parameters.",
  },
];
