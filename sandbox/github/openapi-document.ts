import { createRequire } from "node:module";

/** The parts of an OpenAPI 3.0 operation that are looked at. */
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

/** GitHub's OpenAPI description, repaired so that Ajv takes it. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation | undefined> | undefined>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

/**
 * Loads GitHub's description (npm `@octokit/openapi`, 13 MB, a third of a second) and repairs it:
 * - `nullable` without `type` (135 places) makes Ajv throw: it becomes `anyOf` with null;
 * - an `enum` beside `nullable` lacks null, which OpenAPI 3.0.3 lets pass and JSON Schema does not;
 * - `release-asset.state` lacks `starter`, which the description of `repos/upload-release-asset` itself tells of.
 *
 * The third repair it needs, slashes in `{ref}` and `{tag}`, is done by the routes: they name their operation.
 */
export function loadOpenApiDocument(): OpenApiDocument {
  const load = createRequire(import.meta.url);
  const source: unknown = load("@octokit/openapi/generated/api.github.com.json");
  const document = repaired(source) as OpenApiDocument;
  const properties = document.components.schemas["release-asset"]?.["properties"] as AssetProperties | undefined;
  properties?.state.enum.push("starter");
  return document;
}

interface AssetProperties {
  state: { enum: string[] };
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
    // Examples are data: nothing in them is a schema.
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
