import {
  applyPolicy,
  applySelectedActions,
  policyPayload,
  selectedActions,
  workflowFrom,
  workflowPayload,
} from "./actions-permission-policy.ts";
import { ApiError, fieldsOf } from "../api/api-error.ts";
import type { Call, Route } from "../api/call.ts";
import { readOrganization, writeOrganization } from "../api/settings-needs.ts";
import type { OrganizationSettings } from "../store/settings-store.ts";
import { selectedRepositories } from "./organization-selection.ts";

const permissionsPath = "/orgs/{org}/actions/permissions";

/** What Actions may do in an organization (https://docs.github.com/rest/actions/permissions). */
export const actionsPermissionOrganizationRoutes: readonly Route[] = [
  reading("", ({ actions }, { links, params }) => {
    const url = `${links.api}/orgs/${params["org"] ?? ""}/actions/permissions`;
    return {
      enabled_repositories: actions.enabledRepositories,
      ...(actions.enabledRepositories === "selected" ? { selected_repositories_url: `${url}/repositories` } : {}),
      ...(actions.enabledRepositories === "none" ? {} : policyPayload(actions, `${url}/selected-actions`)),
    };
  }),
  writing("", ({ actions }, { body }) => {
    const enabled = fieldsOf(body).choice("enabled_repositories", ["all", "none", "selected"] as const);
    if (enabled === undefined) {
      throw new ApiError(422, 'Invalid request.\n\n"enabled_repositories" wasn\'t supplied.');
    }
    applyPolicy(actions, body);
    actions.enabledRepositories = enabled;
  }),
  reading("/selected-actions", ({ actions }) => selectedActions(actions)),
  writing("/selected-actions", ({ actions }, { body }) => applySelectedActions(actions, body)),
  reading("/workflow", ({ workflow }) => workflowPayload(workflow)),
  writing("/workflow", (settings, { body }) => {
    settings.workflow = workflowFrom(body, settings.workflow);
  }),
  ...selectedRepositories(`${permissionsPath}/repositories`, {
    ids: ({ actions }) => actions.selectedRepositories,
    set: ({ actions }, ids) => (actions.selectedRepositories = ids),
    isSelected: ({ actions }) => actions.enabledRepositories === "selected",
  }),
];

function reading(path: string, json: (settings: OrganizationSettings, call: Call) => Record<string, unknown>): Route {
  return {
    method: "GET",
    path: permissionsPath + path,
    access: "anyone",
    needs: readOrganization,
    run: async (call) => ({ status: 200, json: json(call.settings.organization(call.params["org"] ?? ""), call) }),
  };
}

function writing(path: string, change: (settings: OrganizationSettings, call: Call) => void): Route {
  return {
    method: "PUT",
    path: permissionsPath + path,
    access: "anyone",
    needs: writeOrganization,
    async run(call) {
      change(call.settings.organization(call.params["org"] ?? ""), call);
      await call.settings.save();
      return { status: 204 };
    },
  };
}
