import { z } from "zod";

/** Who a ruleset does not hold for. Source: REST "Create a repository ruleset", bypass_actors. */
export const BypassActor = z.strictObject({
  /** Kind of the actor, in GitHub's words. */
  type: z.enum(["Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey"]).meta({ example: "Team" }),
  /** Id of the App, team or role (2 maintain, 4 write, 5 admin). Default none, as organization admins and deploy keys have. */
  id: z.number().int().nullable().default(null).meta({ example: "5" }),
});

/** Actors that a ruleset does not hold for, with none by default. */
export const Bypass = z.array(BypassActor).default([]).meta({ example: '[{"type": "RepositoryRole", "id": 5}]' });

/** Whether a ruleset holds, is only reported (GitHub Enterprise), or is off. */
export const Enforcement = z
  .enum(["active", "evaluate", "disabled"], { error: "must be `active`, `evaluate` or `disabled`" })
  .default("active")
  .meta({ example: "active" });
