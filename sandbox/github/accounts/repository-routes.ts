import { ApiError } from "../api/api-error.ts";
import type { Route } from "../api/call.ts";
import { repositoryPayload } from "./repository-payload.ts";
import { authenticatedUser } from "./user-payload.ts";

/** The repository itself, the token's owner and the rate limit. */
export const repositoryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    access: "read",
    needs: { permissions: "metadata=read", scopes: ["repo"], role: "read" },
    run: async ({ repository, links, account }) => ({
      status: 200,
      json: repositoryPayload(repository.record, links, account?.push),
    }),
  },
  {
    method: "GET",
    path: "/user",
    access: "anyone",
    async run({ account, links }) {
      if (account === undefined) {
        throw new ApiError(401, "Requires authentication");
      }
      return { status: 200, json: authenticatedUser(account.login, links) };
    },
  },
  {
    method: "GET",
    path: "/rate_limit",
    access: "anyone",
    async run({ account }) {
      const core = { limit: account === undefined ? 60 : 5000, used: 0, reset: Math.floor(Date.now() / 1000) + 3600 };
      const rate = { ...core, remaining: core.limit };
      return { status: 200, json: { resources: { core: rate, search: { ...rate, limit: 30, remaining: 30 } }, rate } };
    },
  },
];
