import type { RepositoryCall } from "../api/call.ts";
import { targets, targetsRepository } from "./ruleset-conditions.ts";
import { bypassOf } from "./ruleset-bypass.ts";
import type { RulesetRecord, Settings } from "../store/settings-store.ts";
import type { RepositoryRecord } from "../store/store.ts";

/** A write to a reference. */
export interface ReferenceChange {
  /** `refs/tags/v1.0.0` */
  name: string;
  kind: "creation" | "update" | "deletion";
  /** True for an update that is not a fast-forward. Default false. */
  forced?: boolean;
}

/** A ruleset with its level. */
export interface SourcedRuleset {
  ruleset: RulesetRecord;
  sourceType: "Repository" | "Organization";
  /** `owner/name` or the organization. */
  source: string;
}

/** All rulesets that apply to a repository: its own, then its organization's. */
export function rulesetsOf(settings: Settings, record: RepositoryRecord): SourcedRuleset[] {
  const source = `${record.owner}/${record.name}`;
  const own = settings.repository(source).rulesets;
  const parents = settings.organization(record.owner).rulesets.filter((ruleset) => targetsRepository(ruleset, record));
  return [
    ...own.map((ruleset) => ({ ruleset, sourceType: "Repository", source }) as const),
    ...parents.map((ruleset) => ({ ruleset, sourceType: "Organization", source: record.owner }) as const),
  ];
}

/** The rulesets that are enforced on a reference, whether it exists or not. */
export function enforcedOn(settings: Settings, record: RepositoryRecord, reference: string): SourcedRuleset[] {
  return rulesetsOf(settings, record).filter(
    ({ ruleset }) => ruleset.enforcement === "active" && targets(ruleset, record, reference),
  );
}

/**
 * Whether a rule, or the lock of an immutable release, forbids the caller to write to a reference. Only the rules
 * creation, update, deletion and non_fast_forward are checked.
 */
export function isForbidden(call: RepositoryCall, { name, kind, forced = false }: ReferenceChange): boolean {
  const { settings, repository, fullName } = call;
  const tag = name.replace(/^refs\/tags\//, "");
  const isTag = tag !== name;
  if (isTag && kind === "creation" && settings.repository(fullName).burntTags.includes(tag)) {
    return true;
  }
  const locked = repository.releases.some((release) => release.immutable === true && release.tag === tag);
  if (isTag && kind !== "creation" && locked) {
    return true;
  }
  const { owner, name: repo } = repository.record;
  const breaks = ({ type }: { type: string }) => type === kind || (type === "non_fast_forward" && forced);
  return enforcedOn(settings, repository.record, name)
    .map(({ ruleset }) => ruleset)
    .filter((ruleset) => ruleset.rules.some(breaks))
    .some((ruleset) => !["always", "exempt"].includes(bypassOf(call, ruleset, { owner, name: repo })));
}
