import { createRequire } from "node:module";

/** The parts of an OpenAPI 3.0 operation that are checked. */
export interface Operation {
  parameters?: readonly (Parameter | Reference)[];
  requestBody?: { required?: boolean; content: Record<string, unknown> };
  responses: Record<string, Response | Reference>;
}

/** A path or query parameter. */
export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  schema: { type?: string };
}

/** A declared answer. */
export interface Response {
  content?: Record<string, unknown>;
}

/** `{"$ref": "#/components/…"}` */
export interface Reference {
  $ref: string;
}

/** GitHub's OpenAPI description, repaired so that Ajv accepts it. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

/**
 * Loads GitHub's description (npm `@octokit/openapi`, 13 MB, a third of a second) and repairs it:
 * - `nullable` without `type` (135 places) makes Ajv throw: it becomes `anyOf` with null;
 * - null is missing from an `enum` with `nullable`, which OpenAPI 3.0.3 allows and JSON Schema does not;
 * - `starter` is missing from `release-asset.state`, although the description of `repos/upload-release-asset` mentions it;
 * - `can_admins_bypass` is missing from the body of an environment, although GitHub's settings page and its Terraform provider set
 *   (https://github.com/integrations/terraform-provider-github, github_repository_environment);
 * - `bundle` in a list of attestations is null since 2026-07-16 (https://github.com/aaif-goose/goose/pull/10557);
 * - `internal` is missing from `package.visibility`, although the filter of the packages' list has it and containers can have it
 *   (https://docs.github.com/packages/learn-github-packages/configuring-a-packages-access-control-and-visibility).
 *
 * The routes handle slashes in `{ref}` and `{tag}`: they name their operation.
 */
export function loadOpenApiDocument(): OpenApiDocument {
  const load = createRequire(import.meta.url);
  const source: unknown = load("@octokit/openapi/generated/api.github.com.json");
  const document = repaired(source) as OpenApiDocument;
  const properties = document.components.schemas["release-asset"]?.["properties"] as AssetProperties | undefined;
  properties?.state.enum.push("starter");
  nullBundles(document);
  adminsBypass(document);
  const ofPackage = document.components.schemas["package"]?.["properties"] as PackageProperties | undefined;
  ofPackage?.visibility.enum.push("internal");
  return document;
}

interface AssetProperties {
  state: { enum: string[] };
}

interface PackageProperties {
  visibility: { enum: string[] };
}

function nullBundles({ paths }: OpenApiDocument): void {
  const { responses } = paths["/repos/{owner}/{repo}/attestations/{subject_digest}"]?.["get"] ?? {};
  const { content } = (responses?.["200"] ?? {}) as { content?: Record<string, { schema: AttestationList }> };
  const item = content?.["application/json"]?.schema.properties.attestations.items.properties;
  if (item !== undefined) {
    item.bundle = { anyOf: [{ type: "null" }, item.bundle] };
  }
}

function adminsBypass({ paths }: OpenApiDocument): void {
  const { requestBody } = paths["/repos/{owner}/{repo}/environments/{environment_name}"]?.["put"] ?? {};
  const json = requestBody?.content["application/json"] as { schema: EnvironmentBody } | undefined;
  if (json !== undefined) {
    json.schema.properties["can_admins_bypass"] = { type: "boolean" };
  }
}

interface EnvironmentBody {
  properties: Record<string, object>;
}

interface AttestationList {
  properties: { attestations: { items: { properties: { bundle: unknown } } } };
}

function repaired(node: unknown): unknown {
  if (Array.isArray(node)) {
    return node.map(repaired);
  }
  if (typeof node !== "object" || node === null) {
    return node;
  }
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    // Examples are data and contain no schemas.
    copy[name] = name === "example" || name === "examples" ? value : repaired(value);
  }
  if (copy["nullable"] !== true) {
    return copy;
  }
  if (copy["type"] === undefined) {
    const { nullable: _, ...rest } = copy;
    return { anyOf: [{ type: "null" }, rest] };
  }
  if (Array.isArray(copy["enum"]) && !copy["enum"].includes(null)) {
    copy["enum"] = [...(copy["enum"] as unknown[]), null];
  }
  return copy;
}
