import { ApiError, fieldsOf } from "../api/api-error.ts";
import type { ActionsPolicy, WorkflowDefaults } from "../store/settings-store.ts";

/** Applies a request's settings of allowed actions and pinning; those that it leaves out get GitHub's defaults. */
export function applyPolicy(policy: ActionsPolicy, body: unknown): void {
  const fields = fieldsOf(body);
  const allowed = fields.choice("allowed_actions", ["all", "local_only", "selected"] as const);
  policy.allowedActions = allowed ?? policy.allowedActions;
  policy.shaPinningRequired = fields.flag("sha_pinning_required") ?? policy.shaPinningRequired;
}

/** The fields that both schemas of permissions share; `selected` is the address of the selected actions. */
export function policyPayload(policy: ActionsPolicy, selected: string): Record<string, unknown> {
  return {
    allowed_actions: policy.allowedActions,
    ...(policy.allowedActions === "selected" ? { selected_actions_url: selected } : {}),
    sha_pinning_required: policy.shaPinningRequired,
  };
}

/**
 * Schema `selected-actions`.
 * @throws ApiError 409 unless the policy is `selected`, as GitHub's description requires
 */
export function selectedActions(policy: ActionsPolicy): Record<string, unknown> {
  refuseUnselected(policy);
  const { githubOwned, verified, patterns } = policy.selected;
  return { github_owned_allowed: githubOwned, verified_allowed: verified, patterns_allowed: patterns };
}

/** Applies a body of schema `selected-actions`; fields that it leaves out stay. */
export function applySelectedActions(policy: ActionsPolicy, body: unknown): void {
  refuseUnselected(policy);
  const fields = fieldsOf(body);
  const { patterns_allowed: patterns } = (body ?? {}) as { patterns_allowed?: readonly string[] };
  policy.selected = {
    githubOwned: fields.flag("github_owned_allowed") ?? policy.selected.githubOwned,
    verified: fields.flag("verified_allowed") ?? policy.selected.verified,
    patterns: patterns ?? policy.selected.patterns,
  };
}

/** Schema `actions-get-default-workflow-permissions`. */
export function workflowPayload({ permissions, canApprove }: WorkflowDefaults): Record<string, unknown> {
  return { default_workflow_permissions: permissions, can_approve_pull_request_reviews: canApprove };
}

/** Applies a request to the defaults; fields that it leaves out stay. */
export function workflowFrom(body: unknown, { permissions, canApprove }: WorkflowDefaults): WorkflowDefaults {
  const fields = fieldsOf(body);
  return {
    permissions: fields.choice("default_workflow_permissions", ["read", "write"] as const) ?? permissions,
    canApprove: fields.flag("can_approve_pull_request_reviews") ?? canApprove,
  };
}

function refuseUnselected({ allowedActions }: ActionsPolicy): void {
  if (allowedActions !== "selected") {
    throw new ApiError(409, "Conflict");
  }
}
