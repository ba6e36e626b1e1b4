import type { KnownRefusal } from "./known-refusal.ts";

/** Rulesets and immutable Releases of an organization as such. */
const ofOrganization = /\/orgs\/[^/]+\/(rulesets|settings\/immutable-releases)/;

/** What workflows may do in an organization. */
const ofWorkflows = /\/orgs\/[^/]+\/actions\/permissions/;

const administrationOfOrganization =
  "Set GITHUB_TOKEN to an App's or fine-grained token with the organization's permission `Administration: write`, or to a classic one of an owner with the scope `admin:org`.";

/**
 * What GitHub says where the settings and packages of a whole organization are read or set.
 * Sources: docs.github.com/rest/orgs/rules, docs.github.com/rest/packages; FociSolutions/github-foundations#73 (plans). The words for one
 * ruleset too many are the sandbox's: GitHub's own are not known.
 */
export const organizationRefusals: readonly KnownRefusal[] = [
  {
    bare: /^404 /,
    request: /\/orgs\/[^/]+\/packages$/,
    code: "NOT_FOUND",
    meaning:
      "There is no organization of this name, or the token may not see it: GitHub answers both in the same way. A personal account is not an organization.",
    fix: "Check `lockstep:organization`, and that the token belongs to a member of the organization.",
  },
  {
    bare: /^404 /,
    request: ofOrganization,
    code: "NOT_FOUND",
    meaning:
      "There is no organization of this name, or the token may not see its settings: GitHub answers both in the same way. A personal account is not an organization.",
    fix: "Check `lockstep:organization`, and that the token belongs to an owner of the organization.",
  },
  {
    words: /^403 Resource not accessible by/i,
    request: ofOrganization,
    code: "DENIED",
    meaning:
      "Rulesets and immutable Releases of a whole organization require its own permission `Administration` (read and write); that of repositories is not enough.",
    fix: administrationOfOrganization,
  },
  {
    words: /^40[34] (Resource not accessible by|Not Found)/i,
    request: ofWorkflows,
    code: "DENIED",
    meaning: "Only owners may read and set what workflows may do in a whole organization.",
    fix: administrationOfOrganization,
  },
  {
    words: /Upgrade to GitHub (Team|Enterprise)/i,
    request: ofOrganization,
    code: "DENIED",
    meaning: "The plan of this organization has no rulesets for the whole organization. Nothing was changed.",
    fix: "Upgrade the organization's plan, or declare `immutableTags`, `releaseProtection` and `freeze` below `repositories`: public repositories have rulesets on every plan.",
  },
  {
    words: /^422 .*Only \d+ rulesets are allowed/i,
    request: ofOrganization,
    code: "CONFIGURATION",
    meaning: "GitHub allows 75 rulesets for an organization, and all are used. Nothing was changed.",
    fix: "Remove rulesets that are no longer needed (organization Settings → Repository → Rulesets), or let one with more patterns of repositories do what many of them do.",
  },
];
