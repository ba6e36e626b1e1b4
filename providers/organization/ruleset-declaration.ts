import { z } from "zod";

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

/** What is declared of a ruleset, wherever it is set. */
export const RulesetDeclaration = z.object({
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

/** What is declared of a ruleset, wherever it is set; of an organization's, also patterns of the repositories that it holds for. */
export type RulesetDeclaration = z.output<typeof RulesetDeclaration> & { repositories?: string[] };
