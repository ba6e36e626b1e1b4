import { ApiError, fieldsOf, validationFailed } from "../api/api-error.ts";
import { fitsSchema } from "../api/openapi.ts";
import type { OrganizationSettings, RulesetRecord } from "../store/settings-store.ts";

/** GitHub's limit, for a repository and for an organization. */
const mostRulesets = 75;

/** The place that a ruleset is written to. */
export interface RulesetPlace {
  level: "repository" | "organization";
  plan: OrganizationSettings["plan"];
  /** All rulesets of the place. */
  rulesets: readonly RulesetRecord[];
  /** The one that is changed; undefined for a new one. */
  known: RulesetRecord | undefined;
}

/** What a request may set. */
export type RulesetFields = Pick<
  RulesetRecord,
  "name" | "target" | "enforcement" | "bypassActors" | "conditions" | "rules"
>;

/**
 * Reads a ruleset from a request: properties that a change leaves out stay as they were.
 * @throws ApiError 422 with GitHub's words for values that its description does not know, for null instead of a list
 *   (https://github.com/integrations/terraform-provider-github, github/util_rules.go), a name that is in use, one ruleset too many
 */
export function rulesetFields(body: unknown, place: RulesetPlace): RulesetFields {
  const { level, known, plan, rulesets } = place;
  const fields = fieldsOf(body);
  const raw = (body ?? {}) as Record<string, unknown>;
  const organization = level === "organization";
  const list = (name: string, item: string): object[] | undefined => {
    const value = raw[name];
    if (value === undefined) {
      return undefined;
    }
    if (value === null) {
      throw invalid(name, "data cannot be null.");
    }
    if (!Array.isArray(value)) {
      throw invalid(name, `${JSON.stringify(value)} is not an array.`);
    }
    const wrong = value.findIndex((one) => !fitsSchema(item, one));
    if (wrong >= 0) {
      throw invalid(`${name}/${wrong}`, "data matches no possible input. See `documentation_url`.");
    }
    return value as object[];
  };
  const given = {
    name: known === undefined ? fields.required("name") : fields.text("name"),
    target: fields.choice(
      "target",
      organization ? (["branch", "tag", "push", "repository"] as const) : (["branch", "tag", "push"] as const),
    ),
    enforcement: fields.choice("enforcement", ["disabled", "active", "evaluate"] as const),
    bypassActors: list("bypass_actors", "repository-ruleset-bypass-actor") as RulesetRecord["bypassActors"] | undefined,
    conditions: raw["conditions"] as RulesetRecord["conditions"] | undefined,
    rules: list("rules", organization ? "org-rules" : "repository-rule") as RulesetRecord["rules"] | undefined,
  };
  if (
    given.conditions !== undefined &&
    !fitsSchema(`${organization ? "org" : "repository"}-ruleset-conditions`, given.conditions ?? {})
  ) {
    throw invalid("conditions", "data matches no possible input. See `documentation_url`.");
  }
  if (known === undefined && given.enforcement === undefined) {
    throw new ApiError(422, 'Invalid request.\n\n"enforcement" wasn\'t supplied.');
  }
  const made: RulesetFields = {
    name: given.name ?? known?.name ?? "",
    target: given.target ?? known?.target ?? "branch",
    enforcement: given.enforcement ?? known?.enforcement ?? "active",
    bypassActors:
      given.bypassActors?.map((actor) => ({ bypass_mode: "always", ...actor })) ?? known?.bypassActors ?? [],
    conditions: given.conditions ?? known?.conditions ?? null,
    rules: given.rules ?? known?.rules ?? [],
  };
  if (made.enforcement === "evaluate" && plan !== "enterprise") {
    throw refused("enforcement", "Enforcement evaluate is available with GitHub Enterprise only");
  }
  if (rulesets.some((other) => other.id !== known?.id && other.name === made.name)) {
    throw refused("name", "Name must be unique");
  }
  if (known === undefined && rulesets.length >= mostRulesets) {
    throw refused("base", `Only ${mostRulesets} rulesets are allowed`);
  }
  return made;
}

function invalid(property: string, reason: string): ApiError {
  return new ApiError(422, `Invalid request.\n\nInvalid property /${property}: ${reason}`);
}

function refused(field: string, message: string): ApiError {
  return validationFailed({ resource: "Ruleset", code: "custom", field, message });
}
