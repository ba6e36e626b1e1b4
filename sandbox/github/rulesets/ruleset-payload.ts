import type { Links } from "../api/links.ts";
import type { SourcedRuleset } from "./rules-enforcement.ts";
import type { Bypass } from "./ruleset-bypass.ts";
import { nodeId } from "../accounts/user-payload.ts";

/** Schema `repository-ruleset` in a list, without rules, conditions and bypass actors. */
export function rulesetSummary({ ruleset, sourceType, source }: SourcedRuleset, links: Links): Record<string, unknown> {
  const repository = sourceType === "Repository";
  const html = repository ? `${source}/rules` : `organizations/${source}/settings/rules`;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: sourceType,
    source,
    enforcement: ruleset.enforcement,
    node_id: nodeId("RRS", ruleset.id),
    _links: {
      self: { href: `${links.api}/${repository ? "repos" : "orgs"}/${source}/rulesets/${ruleset.id}` },
      html: { href: `${links.web}/${html}/${ruleset.id}` },
    },
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
  };
}

/** Schema `repository-ruleset`, complete. `bypass_actors` is left out for callers who may not change the ruleset, as GitHub does. */
export function rulesetPayload(
  sourced: SourcedRuleset,
  links: Links,
  caller: { mayWrite: boolean; bypass: Bypass },
): Record<string, unknown> {
  const { conditions, rules, bypassActors } = sourced.ruleset;
  return {
    ...rulesetSummary(sourced, links),
    conditions,
    rules,
    ...(caller.mayWrite ? { bypass_actors: bypassActors } : {}),
    current_user_can_bypass: caller.bypass,
  };
}
