import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { repositoryOf } from "../clients/git-refs.ts";
import { createRuleset, deleteRuleset, replaceRuleset, rulesetNamed } from "../clients/rulesets.ts";
import type { Ruleset, RulesetContent } from "../clients/rulesets.ts";
import type { Provider } from "./provider.ts";

const Actor = z.object({
  /** Of the team, App or repository role; null for an organization's admins and for deploy keys. */
  id: z.number().nullable(),
  type: z.string(),
});

const Rule = z.object({
  /** `update`, `deletion`, `pull_request`, … */
  type: z.string(),
  /** What the rule is told; only what stands here is compared, GitHub fills in the rest. */
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const Inputs = z.object({
  /** `owner/name`. */
  repository: z.string(),
  /** What says that it is this ruleset, whoever made it. */
  name: z.string(),
  /** Whether there is a ruleset of this name. */
  present: z.boolean(),
  target: z.enum(["branch", "tag"]),
  /** `active`, `evaluate` (GitHub Enterprise) or `disabled`. */
  enforcement: z.enum(["active", "evaluate", "disabled"]),
  /** Patterns of refs: `refs/tags/v*`, `~DEFAULT_BRANCH`. */
  refs: z.array(z.string()),
  /** Who it does not hold for. */
  bypass: z.array(Actor),
  rules: z.array(Rule),
});

/** Inputs of a RepositoryRuleset. */
export type RulesetInputs = z.output<typeof Inputs>;

/**
 * A ruleset of a repository, known by its name: one that is there is brought into line, never doubled. It is there or not, as `present`
 * says.
 * Source: docs.github.com/rest/repos/rules; "Available rules for rulesets".
 */
export const rulesetProvider: Provider<RulesetInputs, Record<string, never>> = {
  phrase: ({ repository, name, present }) =>
    `${present ? "setting" : "lifting"} the ruleset \`${name}\` of ${repository}`,
  inputs: Inputs,
  identity: ["repository", "name"],
  id: ({ repository, name }) => `${repository} ${name}`,

  async read(inputs) {
    const found = await rulesetNamed(repositoryOf(inputs.repository), inputs.name);
    return { inputs: found === undefined ? { ...inputs, present: false } : seen(found, inputs), outputs: {} };
  },

  async reconcile(inputs) {
    const repository = repositoryOf(inputs.repository);
    const found = await rulesetNamed(repository, inputs.name);
    if (!inputs.present) {
      if (found) await deleteRuleset(repository, found.id);
    } else if (found === undefined) await createRuleset(repository, contentOf(inputs));
    else if (!isDeepStrictEqual(seen(found, inputs), inputs))
      await replaceRuleset(repository, found.id, contentOf(inputs));
    return {};
  },

  async remove(inputs) {
    const repository = repositoryOf(inputs.repository);
    const found = await rulesetNamed(repository, inputs.name);
    if (found) await deleteRuleset(repository, found.id);
  },
};

function contentOf({ name, target, enforcement, refs, bypass, rules }: RulesetInputs): RulesetContent {
  return {
    name,
    target,
    enforcement,
    // Null would be refused, and left out would keep what stands there.
    bypass_actors: bypass.map(({ id, type }) => ({
      actor_id: id,
      actor_type: type as "Team",
      bypass_mode: "always",
    })),
    conditions: { ref_name: { include: refs, exclude: [] } },
    rules: rules as NonNullable<RulesetContent["rules"]>,
  };
}

/** The inputs as a ruleset shows them. */
function seen(ruleset: Ruleset, inputs: RulesetInputs): RulesetInputs {
  const { ref_name: refs } = (ruleset.conditions ?? {}) as { ref_name?: { include?: string[] } };
  return {
    ...inputs,
    present: true,
    target: ruleset.target as RulesetInputs["target"],
    enforcement: ruleset.enforcement,
    refs: refs?.include ?? [],
    // A caller that may not write the ruleset is not shown who bypasses it: that is not an empty list.
    bypass:
      ruleset.bypass_actors?.map(({ actor_id, actor_type }) => ({ id: actor_id ?? null, type: actor_type })) ??
      inputs.bypass,
    rules: seenRules((ruleset.rules ?? []) as RulesetInputs["rules"], inputs.rules),
  };
}

/** In the order of the wanted ones; those that nobody wants come last. A rule whose parameters say what is wanted counts as the wanted one. */
function seenRules(found: RulesetInputs["rules"], wanted: RulesetInputs["rules"]): RulesetInputs["rules"] {
  const others = found.filter(({ type }) => !wanted.some((rule) => rule.type === type));
  const same = wanted.flatMap((rule) => {
    const there = found.find(({ type }) => type === rule.type);
    if (there === undefined) return [];
    const agrees = Object.entries(rule.parameters ?? {}).every(([name, value]) =>
      isDeepStrictEqual(there.parameters?.[name], value),
    );
    return [agrees ? rule : there];
  });
  return [...same, ...others];
}
