import {
  applyPolicy,
  applySelectedActions,
  policyPayload,
  selectedActions,
  workflowFrom,
  workflowPayload,
} from "./actions-permission-policy.ts";
import { ApiError, fieldsOf } from "../api/api-error.ts";
import type { Reply, RepositoryCall, Route } from "../api/call.ts";
import { readSettings, writeSettings } from "../api/settings-needs.ts";
import type { RepositorySettings } from "../store/settings-store.ts";

const permissionsPath = "/repos/{owner}/{repo}/actions/permissions";
const width = { local_only: 0, selected: 1, all: 2 };

/** What Actions may do in a repository (https://docs.github.com/rest/actions/permissions). */
export const actionsPermissionRoutes: readonly Route[] = [
  reading("", ({ actions }, { links, fullName }) => ({
    enabled: actions.enabled,
    ...(actions.enabled
      ? policyPayload(actions, `${links.api}/repos/${fullName}/actions/permissions/selected-actions`)
      : {}),
  })),
  writing("", ({ actions }, call) => {
    const enabled = fieldsOf(call.body).flag("enabled");
    if (enabled === undefined) {
      throw new ApiError(422, 'Invalid request.\n\n"enabled" wasn\'t supplied.');
    }
    const next = { ...actions, enabled };
    applyPolicy(next, call.body);
    const { allowedActions } = call.settings.organization(call.repository.record.owner).actions;
    if (enabled && width[next.allowedActions] > width[allowedActions]) {
      throw new ApiError(409, "Conflict");
    }
    Object.assign(actions, next);
  }),
  reading("/selected-actions", ({ actions }) => selectedActions(actions)),
  writing("/selected-actions", ({ actions }, { body }) => applySelectedActions(actions, body)),
  reading("/workflow", ({ workflow }) => workflowPayload(workflow)),
  writing("/workflow", (settings, { body, settings: all, repository }) => {
    const next = workflowFrom(body, settings.workflow);
    const { workflow: owner } = all.organization(repository.record.owner);
    // If the organization is restricted, its repositories have no choice.
    if ((next.permissions === "write" && owner.permissions === "read") || (next.canApprove && !owner.canApprove)) {
      throw new ApiError(409, "Conflict");
    }
    settings.workflow = next;
  }),
  reading("/access", ({ access }) => ({ access_level: access })),
  writing("/access", (settings, { body, repository }) => {
    if (!repository.record.private) {
      throw new ApiError(422, "Access policy only applies to internal and private repositories.");
    }
    settings.access =
      fieldsOf(body).choice("access_level", ["none", "user", "organization"] as const) ?? settings.access;
  }),
];

function reading(
  path: string,
  json: (settings: RepositorySettings, call: RepositoryCall) => Record<string, unknown>,
): Route {
  const run = async (call: RepositoryCall): Promise<Reply> => ({
    status: 200,
    json: json(call.settings.repository(call.fullName), call),
  });
  return { method: "GET", path: permissionsPath + path, access: "read", needs: readSettings, run };
}

function writing(path: string, change: (settings: RepositorySettings, call: RepositoryCall) => void): Route {
  const run = async (call: RepositoryCall): Promise<Reply> => {
    change(call.settings.repository(call.fullName), call);
    await call.settings.save();
    return { status: 204 };
  };
  return { method: "PUT", path: permissionsPath + path, access: "write", needs: writeSettings, run };
}
