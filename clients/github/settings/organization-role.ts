import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { gitHub } from "../github.ts";

/** The role of this process's login in an organization. */
export interface OrganizationRole {
  login: string;
  /** `admin` is an owner. */
  role: "admin" | "member" | "billing_manager";
  /** False for a person who was invited and has not accepted yet. */
  active: boolean;
}

/** Requests in progress, by organization: simultaneous callers get the same answer. */
const asked = new Map<string, Promise<OrganizationRole | ServerRefusal>>();

/**
 * Reads the role of this process's login in an organization. Source: REST "Get an organization membership for the authenticated user".
 * @returns GitHub's refusal if it does not say: 404 for a login that is not a member, 403 for a token that may not ask
 * @throws ServerRefusal if GitHub does not answer or limits the rate
 */
export function readOrganizationRole(organization: string): Promise<OrganizationRole | ServerRefusal> {
  const running = asked.get(organization);
  if (running) {
    return running;
  }
  const answer = ask(organization).finally(() => asked.delete(organization));
  asked.set(organization, answer);
  return answer;
}

async function ask(organization: string): Promise<OrganizationRole | ServerRefusal> {
  try {
    const { data } = await gitHub().rest.orgs.getMembershipForAuthenticatedUser({ org: organization });
    return { login: data.user?.login ?? "this login", role: data.role, active: data.state === "active" };
  } catch (error) {
    if (error instanceof ServerRefusal && (error.status === 404 || (error.status === 403 && error.denied))) {
      return error;
    }
    throw error;
  }
}
