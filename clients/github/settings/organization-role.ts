import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { gitHub } from "../github.ts";

/** What GitHub says of this process's login in an organization. */
export interface OrganizationRole {
  login: string;
  /** `admin` is an owner. */
  role: "admin" | "member" | "billing_manager";
  /** False for somebody who was invited and has not come yet. */
  active: boolean;
}

/** Questions that are on their way, by organization: who asks meanwhile gets the same answer. */
const asked = new Map<string, Promise<OrganizationRole | ServerRefusal>>();

/**
 * The role of this process's login in an organization. Source: REST "Get an organization membership for the authenticated user".
 * @returns GitHub's refusal where it does not say: 404 for whoever is no member, 403 for a token that may not ask
 * @throws ServerRefusal where GitHub does not answer or limits the rate
 */
export function organizationRole(organization: string): Promise<OrganizationRole | ServerRefusal> {
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
