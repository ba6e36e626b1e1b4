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
  /** The rule's parameters; only these are compared, because GitHub fills in the rest. */
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** The declaration of a ruleset, in a repository or an organization. */
export const RulesetDeclaration = z.object({
  /** Identifies the ruleset, whoever created it. */
  name: z.string(),
  /** Whether there is a ruleset of this name. */
  present: z.boolean(),
  target: z.enum(["branch", "tag"]),
  /** `active`, `evaluate` (GitHub Enterprise) or `disabled`. */
  enforcement: z.enum(["active", "evaluate", "disabled"]),
  /** Patterns of refs: `refs/tags/v*`, `~DEFAULT_BRANCH`. */
  refs: z.array(z.string()),
  /** Those who are exempt. */
  bypass: z.array(Actor),
  rules: z.array(Rule),
});

/** The declaration of a ruleset; for an organization's, also patterns of the repositories that it applies to. */
export type RulesetDeclaration = z.output<typeof RulesetDeclaration> & { repositories?: string[] };
