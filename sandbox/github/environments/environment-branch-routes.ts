import { fieldsOf, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { RepositoryCall, Route } from "../api/call.ts";
import { environmentOf } from "./environment-routes.ts";
import { readActions, writeSettings } from "../api/settings-needs.ts";
import type { EnvironmentRecord } from "../store/settings-store.ts";
import { nodeId } from "../accounts/user-payload.ts";

const policiesPath = "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies";

type Pattern = EnvironmentRecord["patterns"][number];

/** Which branches and tags may deploy to an environment (https://docs.github.com/rest/deployments/branch-policies). */
export const environmentBranchRoutes: readonly Route[] = [
  {
    method: "GET",
    path: policiesPath,
    access: "read",
    needs: readActions,
    async run(call) {
      const { patterns } = environmentOf(call);
      const { items, headers } = page(patterns, call);
      return { status: 200, json: { total_count: patterns.length, branch_policies: items.map(payload) }, headers };
    },
  },
  {
    method: "POST",
    path: policiesPath,
    access: "write",
    needs: writeSettings,
    async run(call) {
      const environment = environmentOf(call);
      const fields = fieldsOf(call.body);
      const name = fields.required("name");
      const type = fields.choice("type", ["branch", "tag"] as const) ?? "branch";
      if (environment.branchPolicy?.custom !== true) {
        throw notFound();
      }
      if (environment.patterns.some((other) => other.name === name && other.type === type)) {
        return { status: 303 };
      }
      const pattern = { id: await call.store.nextId(), name, type };
      environment.patterns.push(pattern);
      await call.settings.save();
      return { status: 200, json: payload(pattern) };
    },
  },
  {
    method: "GET",
    path: `${policiesPath}/{branch_policy_id}`,
    access: "read",
    needs: readActions,
    run: async (call) => ({ status: 200, json: payload(patternOf(call)) }),
  },
  {
    method: "PUT",
    path: `${policiesPath}/{branch_policy_id}`,
    access: "write",
    needs: writeSettings,
    async run(call) {
      const pattern = patternOf(call);
      pattern.name = fieldsOf(call.body).required("name");
      await call.settings.save();
      return { status: 200, json: payload(pattern) };
    },
  },
  {
    method: "DELETE",
    path: `${policiesPath}/{branch_policy_id}`,
    access: "write",
    needs: writeSettings,
    async run(call) {
      const { patterns } = environmentOf(call);
      patterns.splice(patterns.indexOf(patternOf(call)), 1);
      await call.settings.save();
      return { status: 204 };
    },
  },
];

function patternOf(call: RepositoryCall): Pattern {
  const found = environmentOf(call).patterns.find(({ id }) => id === Number(call.params["branch_policy_id"]));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function payload({ id, name, type }: Pattern): Record<string, unknown> {
  return { id, node_id: nodeId("GBP", id), name, type };
}
