import type { Ruleset, RulesetContent } from "../../clients/github/settings/rulesets.ts";
import type { RulesetDeclaration } from "./ruleset-declaration.ts";
import { describeRepositories } from "./ruleset-repositories.ts";
import { sortLike } from "./unordered-list.ts";

/** Writes the wanted ruleset in GitHub's form. */
export function makeRulesetContent(wanted: RulesetDeclaration): RulesetContent {
  const { name, target, enforcement, refs, repositories, bypass, rules } = wanted;
  return {
    name,
    target,
    enforcement,
    // GitHub refuses null, and keeps the old list if it is left out.
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
 * Turns a ruleset into inputs: equal to the wanted ones if the ruleset matches them. The order of unordered lists and the values that
 * GitHub filled in do not matter.
 */
export function toRulesetInputs<Inputs extends RulesetDeclaration>(ruleset: Ruleset, inputs: Inputs): Inputs {
  const { ref_name: refs } = (ruleset.conditions ?? {}) as { ref_name?: { include?: string[]; exclude?: string[] } };
  return {
    ...inputs,
    present: true,
    target: ruleset.target as RulesetDeclaration["target"],
    enforcement: ruleset.enforcement,
    // Exclusions are never declared, and they remove protection: they are listed among the patterns, so that a preview shows them.
    refs: sortLike(inputs.refs, [
      ...(refs?.include ?? []),
      ...(refs?.exclude ?? []).map((pattern) => `except ${pattern}`),
    ]),
    ...(inputs.repositories
      ? { repositories: sortLike(inputs.repositories, describeRepositories(ruleset.conditions)) }
      : {}),
    // GitHub hides the bypass list from a caller that may not write the ruleset: that is not an empty list.
    bypass: ruleset.bypass_actors
      ? sortLike(
          inputs.bypass,
          ruleset.bypass_actors.map((actor) => matchActor(actor, inputs.bypass)),
        )
      : inputs.bypass,
    rules: matchRules((ruleset.rules ?? []) as RulesetDeclaration["rules"], inputs.rules),
  };
}

type Actors = RulesetDeclaration["bypass"];

/** GitHub ignores the id of an organization's admins and of deploy keys, so any id counts as the wanted one. */
function matchActor(
  { actor_id: id, actor_type: type, bypass_mode: mode }: NonNullable<Ruleset["bypass_actors"]>[number],
  wanted: Actors,
): Actors[number] {
  const ignored = type === "OrganizationAdmin" || type === "DeployKey";
  const shown = ignored ? wanted.find((actor) => actor.type === type)?.id : id;
  return { id: shown ?? null, type, ...(mode === undefined || mode === "always" ? {} : { mode }) };
}

/** Sorts rules in the order of the wanted ones; others come last. A rule whose parameters include the wanted ones counts as the wanted one. */
function matchRules(
  found: RulesetDeclaration["rules"],
  wanted: RulesetDeclaration["rules"],
): RulesetDeclaration["rules"] {
  const others = found.filter(({ type }) => !wanted.some((rule) => rule.type === type));
  const same = wanted.flatMap((rule) => {
    const there = found.find(({ type }) => type === rule.type);
    if (there === undefined) {
      return [];
    }
    return [includesWanted(there.parameters ?? {}, rule.parameters ?? {}) ? rule : there];
  });
  return [...same, ...others];
}

/**
 * Whether a value includes the wanted one. In objects at any depth, only the wanted keys are compared, because GitHub fills in others. A
 * missing parameter is switched off: GitHub leaves out parameters that are not set.
 */
function includesWanted(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((one, at) => includesWanted(there[at], one))
    );
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
  return Object.entries(wanted).every(([key, value]) => includesWanted((there as Record<string, unknown>)[key], value));
}
