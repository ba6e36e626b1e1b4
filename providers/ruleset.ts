import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { repositoryOf } from "../clients/git-refs.ts";
import type { Repository } from "../clients/git-refs.ts";
import { createRuleset, deleteRuleset, replaceRuleset, rulesetNamed } from "../clients/rulesets.ts";
import { ServerRefusal } from "../errors/server-refusal.ts";
import type { Provider } from "./provider.ts";
import { rulesetAsInputs, rulesetContent } from "./ruleset-content.ts";

const Actor = z.object({
  /** Of the team, App or repository role; null for an organization's admins and for deploy keys. */
  id: z.number().nullable(),
  type: z.string(),
  /** `pull_request`: only by merging one; `exempt`: without a trace. Left out: always. */
  mode: z.enum(["pull_request", "exempt"]).optional(),
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
    return {
      inputs: found === undefined ? { ...inputs, present: false } : rulesetAsInputs(found, inputs),
      outputs: {},
    };
  },

  async reconcile(inputs) {
    const repository = repositoryOf(inputs.repository);
    if (inputs.present) await broughtIntoLine(repository, inputs);
    else await removed(repository, inputs.name);
    return {};
  },

  async remove({ repository, name }) {
    await removed(repositoryOf(repository), name);
  },
};

/** Tries, where others write at the same time. */
const tries = 5;

async function broughtIntoLine(repository: Repository, inputs: RulesetInputs): Promise<void> {
  const content = rulesetContent(inputs);
  let found = await rulesetNamed(repository, inputs.name);
  for (let left = tries; !(found && isDeepStrictEqual(rulesetAsInputs(found, inputs), inputs)); left--) {
    try {
      await (found ? replaceRuleset(repository, found.id, content) : createRuleset(repository, content));
      return;
    } catch (error) {
      if (left === 1 || !overtaken(error)) throw error;
      const now = await rulesetNamed(repository, inputs.name);
      if (now?.id === found?.id) throw error;
      found = now;
    }
  }
}

/** Between look and write another writer made a ruleset of this name (422), or removed it (404). */
function overtaken(error: unknown): boolean {
  if (!(error instanceof ServerRefusal)) return false;
  return error.status === 404 || (error.status === 422 && /must be unique/i.test(error.words));
}

async function removed(repository: Repository, name: string): Promise<void> {
  const found = await rulesetNamed(repository, name);
  if (found) await deleteRuleset(repository, found.id);
}
