import { repositoryRole } from "../api/authorization.ts";
import type { Call } from "../api/call.ts";
import type { BypassActor, RulesetRecord } from "../store/settings-store.ts";
import type { Place } from "../api/token.ts";
import { accountId } from "../accounts/user-payload.ts";

/** The caller's relation to a ruleset, in the words of `current_user_can_bypass`. */
export type Bypass = "always" | "pull_requests_only" | "never" | "exempt";

/** Id of the App that GITHUB_TOKEN belongs to (https://api.github.com/apps/github-actions). */
const actionsApp = 15_368;

/** The roles that a `RepositoryRole` exempts, by its id. */
const roles: Readonly<Record<number, readonly string[]>> = { 2: ["admin"], 4: ["write", "admin"], 5: ["admin"] };

/**
 * Reads from a ruleset's list of bypass actors how the caller may bypass it: the widest of the matching entries. The sandbox has no
 * teams and no deploy keys, so these match no one.
 */
export function bypassOf({ account }: Pick<Call, "account">, { bypassActors }: RulesetRecord, place: Place): Bypass {
  if (account === undefined) {
    return "never";
  }
  const { token, login } = account;
  const means = ({ actor_type, actor_id }: BypassActor): boolean => {
    switch (actor_type) {
      case "RepositoryRole":
        return roles[actor_id ?? 0]?.includes(repositoryRole(token, place)) === true;
      case "OrganizationAdmin":
        return repositoryRole(token, { owner: place.owner }) === "admin";
      case "Integration":
        return actor_id === (token.kind === "app" ? (token.appId ?? 1) : token.kind === "actions" ? actionsApp : -1);
      case "User":
        return (
          (token.kind === undefined || token.kind === "classic" || token.kind === "fine-grained") &&
          actor_id === accountId(login)
        );
      default:
        return false;
    }
  };
  const modes = bypassActors.filter(means).map(({ bypass_mode }) => bypass_mode ?? "always");
  if (modes.includes("exempt")) {
    return "exempt";
  }
  return modes.includes("always") ? "always" : modes.length > 0 ? "pull_requests_only" : "never";
}
