import type { Ruleset, RulesetContent } from "../../clients/github/settings/rulesets.ts";
import type { RulesetDeclaration } from "./ruleset-declaration.ts";
import { shownRepositories } from "./ruleset-repositories.ts";
import { inOrderOf } from "./unordered-list.ts";

/** What GitHub is told to make a ruleset as it is wanted. */
export function rulesetContent(wanted: RulesetDeclaration): RulesetContent {
  const { name, target, enforcement, refs, repositories, bypass, rules } = wanted;
  return {
    name,
    target,
    enforcement,
    // Null would be refused, and left out would keep what stands there.
    bypass_actors: bypass.map(({ id, type, mode }) => ({
      actor_id: id,
      actor_type: type as "Team",
      bypass_mode: mode ?? "always",
    })),
    conditions: {
      ref_name: { include: refs, exclude: [] },
      ...(repositories ? { repository_name: { include: repositories, exclude: [], protected: false } } : {}),
    },
    rules: rules as RulesetContent["rules"],
  };
}

/**
 * The inputs as a ruleset shows them: equal to the wanted ones where it is as wanted, whatever the order of lists that have none, and
 * whatever GitHub filled in.
 */
export function rulesetAsInputs<Inputs extends RulesetDeclaration>(ruleset: Ruleset, inputs: Inputs): Inputs {
  const { ref_name: refs } = (ruleset.conditions ?? {}) as { ref_name?: { include?: string[]; exclude?: string[] } };
  return {
    ...inputs,
    present: true,
    target: ruleset.target as RulesetDeclaration["target"],
    enforcement: ruleset.enforcement,
    // What is excluded is never declared, and takes protection away: it stands among the patterns, so that a preview shows it.
    refs: inOrderOf(inputs.refs, [
      ...(refs?.include ?? []),
      ...(refs?.exclude ?? []).map((pattern) => `except ${pattern}`),
    ]),
    ...(inputs.repositories
      ? { repositories: inOrderOf(inputs.repositories, shownRepositories(ruleset.conditions)) }
      : {}),
    // A caller that may not write the ruleset is not shown who bypasses it: that is not an empty list.
    bypass: ruleset.bypass_actors
      ? inOrderOf(
          inputs.bypass,
          ruleset.bypass_actors.map((actor) => seenActor(actor, inputs.bypass)),
        )
      : inputs.bypass,
    rules: seenRules((ruleset.rules ?? []) as RulesetDeclaration["rules"], inputs.rules),
  };
}

type Actors = RulesetDeclaration["bypass"];

/** GitHub ignores the id of an organization's admins and of deploy keys; whatever it shows counts as the wanted one. */
function seenActor(
  { actor_id: id, actor_type: type, bypass_mode: mode }: NonNullable<Ruleset["bypass_actors"]>[number],
  wanted: Actors,
): Actors[number] {
  const ignored = type === "OrganizationAdmin" || type === "DeployKey";
  const shown = ignored ? wanted.find((actor) => actor.type === type)?.id : id;
  return { id: shown ?? null, type, ...(mode === undefined || mode === "always" ? {} : { mode }) };
}

/** In the order of the wanted ones; those that nobody wants come last. A rule whose parameters say what is wanted counts as the wanted one. */
function seenRules(
  found: RulesetDeclaration["rules"],
  wanted: RulesetDeclaration["rules"],
): RulesetDeclaration["rules"] {
  const others = found.filter(({ type }) => !wanted.some((rule) => rule.type === type));
  const same = wanted.flatMap((rule) => {
    const there = found.find(({ type }) => type === rule.type);
    if (there === undefined) {
      return [];
    }
    return [says(there.parameters ?? {}, rule.parameters ?? {}) ? rule : there];
  });
  return [...same, ...others];
}

/**
 * Whether a value says what is wanted; of objects, however deep, only the wanted keys are looked at, because GitHub fills in others. What
 * is not there is switched off: GitHub leaves out parameters that nobody set.
 */
function says(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(there) && there.length === wanted.length && wanted.every((one, at) => says(there[at], one));
  }
  if (wanted === false) {
    return (there ?? false) === false;
  }
  if (typeof wanted !== "object" || wanted === null) {
    return there === wanted;
  }
  if (typeof there !== "object" || there === null) {
    return false;
  }
  return Object.entries(wanted).every(([key, value]) => says((there as Record<string, unknown>)[key], value));
}
