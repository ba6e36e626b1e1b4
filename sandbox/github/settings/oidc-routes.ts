import { ApiError, fieldsOf } from "../api/api-error.ts";
import type { Route } from "../api/call.ts";
import { readActions, readOrganization, writeActions, writeOrganization } from "../api/settings-needs.ts";
import type { SubjectTemplate } from "../store/settings-store.ts";

const repositoryPath = "/repos/{owner}/{repo}/actions/oidc/customization/sub";
const organizationPath = "/orgs/{org}/actions/oidc/customization/sub";

/**
 * The template for the subject of identity tokens (https://docs.github.com/rest/actions/oidc). It is stored and returned, but the
 * tokens of the sandbox have the subject of `sandbox.sigstore`.
 */
export const oidcRoutes: readonly Route[] = [
  {
    method: "GET",
    path: repositoryPath,
    access: "read",
    needs: readActions,
    async run({ settings, fullName }) {
      const { subject } = settings.repository(fullName);
      const own = subject === undefined ? {} : templatePayload(subject);
      return {
        status: 200,
        json: { use_default: subject === undefined, ...own, sub_claim_prefix: `repo:${fullName}` },
      };
    },
  },
  {
    method: "PUT",
    path: repositoryPath,
    access: "write",
    needs: writeActions,
    async run({ settings, fullName, body }) {
      const useDefault = fieldsOf(body).flag("use_default");
      if (useDefault === undefined) {
        throw new ApiError(422, 'Invalid request.\n\n"use_default" wasn\'t supplied.');
      }
      const repository = settings.repository(fullName);
      if (useDefault) {
        delete repository.subject;
      } else {
        repository.subject = templateFrom(body, { claims: ["repo", "context"], immutable: false });
      }
      await settings.save();
      return { status: 201, json: {} };
    },
  },
  {
    method: "GET",
    path: organizationPath,
    access: "anyone",
    needs: { ...readOrganization, scopes: ["read:org"] },
    run: async ({ settings, params }) => ({
      status: 200,
      json: templatePayload(settings.organization(params["org"] ?? "").subject),
    }),
  },
  {
    method: "PUT",
    path: organizationPath,
    access: "anyone",
    needs: { ...writeOrganization, scopes: ["write:org"] },
    async run({ settings, params, body }) {
      const organization = settings.organization(params["org"] ?? "");
      organization.subject = templateFrom(body, organization.subject);
      await settings.save();
      return { status: 201, json: {} };
    },
  },
];

function templatePayload({ claims, immutable }: SubjectTemplate): Record<string, unknown> {
  return { include_claim_keys: claims, use_immutable_subject: immutable };
}

function templateFrom(body: unknown, before: SubjectTemplate): SubjectTemplate {
  const { include_claim_keys: claims = before.claims } = body as { include_claim_keys?: readonly string[] };
  if (claims.some((claim) => !/^\w+$/.test(claim)) || new Set(claims).size < claims.length) {
    throw new ApiError(422, "Claim keys must be unique and have letters, digits and underscores only");
  }
  return { claims, immutable: fieldsOf(body).flag("use_immutable_subject") ?? before.immutable };
}
