import { notFound } from "../api/api-error.ts";
import type { Call, Route } from "../api/call.ts";
import { authenticatedUser } from "./user-payload.ts";

/** Options of the routes. */
export interface AccountRouteOptions {
  /** True for a login that is a person's. */
  isPerson(login: string): boolean;
  /** True for an owner of packages. */
  hasPackages(login: string): boolean;
}

/**
 * Accounts by login, people and organizations alike (https://docs.github.com/rest/users/users#get-a-user). An account that
 * owns nothing here and has no token does not exist.
 */
export const accountRoutes = ({ isPerson, hasPackages }: AccountRouteOptions): readonly Route[] => [
  {
    method: "GET",
    path: "/users/{username}",
    access: "anyone",
    async run({ params, store, links }: Call) {
      const login = params["username"] ?? "";
      const owns = store.all().some(({ record }) => record.owner.toLowerCase() === login.toLowerCase());
      if (!owns && !isPerson(login) && !hasPackages(login)) {
        throw notFound();
      }
      const type = isPerson(login) ? "User" : "Organization";
      return { status: 200, json: { ...authenticatedUser(login, links), type } };
    },
  },
];
