import { ApiError, fieldsOf, notFound } from "../api/api-error.ts";
import { page } from "../api/call.ts";
import type { Reply, RepositoryCall, Route } from "../api/call.ts";
import { environmentPayload } from "./environment-payload.ts";
import { instant } from "../store/git-repository.ts";
import { readActions, writeSettings } from "../api/settings-needs.ts";
import type { EnvironmentRecord } from "../store/settings-store.ts";

const environmentsPath = "/repos/{owner}/{repo}/environments";
const mostReviewers = 6;

/** Longest wait, in minutes: 30 days. */
const longestWait = 43_200;

/** Deployment environments (https://docs.github.com/rest/deployments/environments). */
export const environmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: environmentsPath,
    access: "read",
    needs: readActions,
    async run(call) {
      const { environments } = call.settings.repository(call.fullName);
      const { items, headers } = page(environments, call);
      const json = items.map((environment) => environmentPayload(environment, call.fullName, call.links));
      return { status: 200, json: { total_count: environments.length, environments: json }, headers };
    },
  },
  {
    method: "GET",
    path: `${environmentsPath}/{environment_name}`,
    access: "read",
    needs: readActions,
    run: async (call) => ({
      status: 200,
      json: environmentPayload(environmentOf(call), call.fullName, call.links),
    }),
  },
  { method: "PUT", path: `${environmentsPath}/{environment_name}`, access: "write", needs: writeSettings, run: put },
  {
    method: "DELETE",
    path: `${environmentsPath}/{environment_name}`,
    access: "write",
    needs: writeSettings,
    async run(call) {
      const { environments } = call.settings.repository(call.fullName);
      environments.splice(environments.indexOf(environmentOf(call)), 1);
      await call.settings.save();
      return { status: 204 };
    },
  },
];

/** The environment of the path; names ignore case, as at GitHub. */
export function environmentOf({ settings, fullName, params }: RepositoryCall): EnvironmentRecord {
  const wanted = (params["environment_name"] ?? "").toLowerCase();
  const found = settings.repository(fullName).environments.find(({ name }) => name.toLowerCase() === wanted);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

/** Creates an environment, or replaces all its rules: rules that are left out are off. */
async function put(call: RepositoryCall): Promise<Reply> {
  const { settings, fullName, params, body, store, links } = call;
  const { environments } = settings.repository(fullName);
  const name = params["environment_name"] ?? "";
  const known = environments.find((other) => other.name.toLowerCase() === name.toLowerCase());
  const rules = rulesFrom(body);
  const { record } = call.repository;
  if (record.private && settings.organization(record.owner).plan === "free" && rules.reviewers.length > 0) {
    throw new ApiError(
      422,
      "Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.",
    );
  }
  const now = instant(Math.floor(Date.now() / 1000));
  const environment = known ?? {
    id: await store.nextId(),
    name,
    patterns: [],
    createdAt: now,
    updatedAt: now,
    ...rules,
  };
  Object.assign(environment, rules, { updatedAt: now });
  if (environment.branchPolicy?.custom !== true) {
    environment.patterns = [];
  }
  if (known === undefined) {
    environments.push(environment);
  }
  await settings.save();
  return { status: 200, json: environmentPayload(environment, fullName, links) };
}

type Rules = Pick<
  EnvironmentRecord,
  "waitTimer" | "preventSelfReview" | "canAdminsBypass" | "reviewers" | "branchPolicy"
>;

function rulesFrom(body: unknown): Rules {
  const fields = fieldsOf(body);
  const { wait_timer: waitTimer = 0, reviewers } = (body ?? {}) as {
    wait_timer?: number;
    reviewers?: EnvironmentRecord["reviewers"] | null;
  };
  if (!(waitTimer >= 0 && waitTimer <= longestWait)) {
    throw new ApiError(422, `Wait timer must be between 0 and ${longestWait} minutes`);
  }
  if ((reviewers?.length ?? 0) > mostReviewers) {
    throw new ApiError(422, `No more than ${mostReviewers} reviewers may be set`);
  }
  const policy = fields.object("deployment_branch_policy");
  const branchPolicy =
    policy === undefined
      ? null
      : {
          protected: policy.flag("protected_branches") ?? false,
          custom: policy.flag("custom_branch_policies") ?? false,
        };
  if (branchPolicy !== null && branchPolicy.protected === branchPolicy.custom) {
    throw new ApiError(422, "protected_branches and custom_branch_policies cannot have the same value");
  }
  return {
    waitTimer,
    preventSelfReview: fields.flag("prevent_self_review") ?? false,
    canAdminsBypass: fields.flag("can_admins_bypass") ?? true,
    reviewers: (reviewers ?? []).map(({ type, id }) => ({ type, id })),
    branchPolicy,
  };
}
