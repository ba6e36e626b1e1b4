import { minimatch } from "minimatch";
import type { NamePatterns, RulesetRecord } from "../store/settings-store.ts";
import type { RepositoryRecord } from "../store/store.ts";

/** Whether a repository's or an organization's ruleset applies to a reference of a repository. Its enforcement is not checked. */
export function targets(ruleset: RulesetRecord, record: RepositoryRecord, reference: string): boolean {
  const kind = reference.startsWith("refs/tags/") ? "tag" : reference.startsWith("refs/heads/") ? "branch" : undefined;
  const branch = `refs/heads/${record.defaultBranch}`;
  return ruleset.target === kind && fits(ruleset.conditions?.ref_name, reference, { "~DEFAULT_BRANCH": branch });
}

/**
 * Whether an organization's ruleset applies to a repository. One by custom properties never does: the double has none.
 */
export function targetsRepository({ conditions }: RulesetRecord, record: RepositoryRecord): boolean {
  if (conditions?.repository_id !== undefined) {
    return conditions.repository_id.repository_ids?.includes(record.id) === true;
  }
  return fits(conditions?.repository_name, record.name, {});
}

function fits(patterns: NamePatterns | undefined, name: string, words: Record<string, string>): boolean {
  const match = (pattern: string) => pattern === "~ALL" || matches(words[pattern] ?? pattern, name);
  return patterns?.include?.some(match) === true && patterns.exclude?.some(match) !== true;
}

/**
 * GitHub's patterns are those of Ruby's `File.fnmatch` with FNM_PATHNAME: no braces, no negation, and two asterisks match
 * folders only before a slash
 * (https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository).
 */
function matches(pattern: string, name: string): boolean {
  const options = { nobrace: true, noext: true, nonegate: true, nocomment: true, dot: true, optimizationLevel: 0 };
  return minimatch(name, pattern.replace(/\*\*+(?!\/)/g, "*"), options);
}
