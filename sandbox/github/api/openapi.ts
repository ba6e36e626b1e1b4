import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { loadOpenApiDocument } from "./openapi-document.ts";
import type { OpenApiDocument, Operation, Parameter } from "./openapi-document.ts";

/** An exchange to check. */
export interface CheckedExchange {
  method: string;
  /** Path as in GitHub's description: `/repos/{owner}/{repo}/releases`. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON body of the request, if it had one. */
  body: unknown;
  /** True if the body is raw bytes, as for an asset's upload. */
  raw?: boolean;
  status: number;
  /** JSON of the answer; undefined for none, and for bytes. */
  json: unknown;
}

/**
 * Statuses that GitHub sends in addition to those an operation declares: bad JSON or length (400), bad or missing token (401),
 * missing permission (403), hidden resources (404), settings that an organization or another setting decides (409,
 * https://github.com/integrations/terraform-provider-github/issues/1558) and refused fields (422). Source:
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
const undeclared = new Set([400, 401, 403, 404, 409, 422]);

const documentKey = "github";

let loaded: { document: OpenApiDocument; ajv: Ajv; compiled: Map<string, ValidateFunction> } | undefined;

function load() {
  if (loaded === undefined) {
    const document = loadOpenApiDocument();
    // The whole document serves as one schema, so that every `#/components/…` in it resolves; parts compile on demand.
    const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema(document, documentKey);
    loaded = { document, ajv, compiled: new Map() };
  }
  return loaded;
}

/** Whether a value matches a schema of GitHub's description, one of its `components/schemas`. */
export function fitsSchema(name: string, value: unknown): boolean {
  return validate(`/components/schemas/${name}`, value, "").length === 0;
}

/** Lists how an exchange breaks GitHub's description; empty if it does not. */
export function checkExchange(exchange: CheckedExchange): string[] {
  const { document } = load();
  const method = exchange.method.toLowerCase();
  const operation = document.paths[exchange.path]?.[method];
  if (operation === undefined) {
    return [`${exchange.method} ${exchange.path} is not in GitHub's description`];
  }
  const at = `/paths/${pointer(exchange.path)}/${method}`;
  return [
    ...checkParameters(exchange, operation, at),
    ...checkBody(exchange, operation, at),
    ...checkAnswer(exchange, operation, at),
  ];
}

function checkParameters({ params, query }: CheckedExchange, { parameters = [] }: Operation, at: string): string[] {
  const found: string[] = [];
  const known = new Set<string>();
  for (const [index, entry] of parameters.entries()) {
    const where = "$ref" in entry ? entry.$ref.slice(1) : `${at}/parameters/${index}`;
    const parameter = resolve<Parameter>(where);
    const { name, required = false, schema } = parameter;
    if (parameter.in === "query") {
      known.add(name);
    }
    const text = parameter.in === "path" ? params[name] : parameter.in === "query" ? query.get(name) : undefined;
    if (text === undefined || text === null) {
      if (required && (parameter.in === "path" || parameter.in === "query")) {
        found.push(`request: ${parameter.in} parameter ${name} is missing`);
      }
      continue;
    }
    found.push(...validate(`${where}/schema`, typed(text, schema.type), `request: ${parameter.in} parameter ${name}`));
  }
  for (const name of new Set(query.keys())) {
    if (!known.has(name)) {
      found.push(`request: query parameter ${name} is not declared`);
    }
  }
  return found;
}

function checkBody({ body, raw }: CheckedExchange, { requestBody }: Operation, at: string): string[] {
  if (raw === true) {
    return [];
  }
  if (requestBody === undefined) {
    return body === undefined ? [] : ["request: a body where none is declared"];
  }
  if (body === undefined) {
    return requestBody.required === true ? ["request: the body is missing"] : [];
  }
  return validate(`${at}/requestBody/content/${pointer("application/json")}/schema`, body, "request: body");
}

function checkAnswer({ status, json }: CheckedExchange, { responses }: Operation, at: string): string[] {
  const entry = responses[String(status)];
  if (entry === undefined) {
    if (!undeclared.has(status)) {
      return [`answer: status ${status} is not declared`];
    }
    return validate("/components/schemas/basic-error", json, "answer: body");
  }
  const where = "$ref" in entry ? entry.$ref.slice(1) : `${at}/responses/${status}`;
  const { content } = resolve<{ content?: Record<string, unknown> }>(where);
  if (json === undefined || content?.["application/json"] === undefined) {
    return [];
  }
  return validate(`${where}/content/${pointer("application/json")}/schema`, json, "answer: body");
}

/** Resolves a JSON pointer of the document. */
function resolve<T>(where: string): T {
  let node: unknown = load().document;
  for (const part of where.split("/").slice(1)) {
    node = (node as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return node as T;
}

function validate(where: string, value: unknown, what: string): string[] {
  const { ajv, compiled } = load();
  let check = compiled.get(where);
  if (check === undefined) {
    const fragment = where.split("/").map(encodeURIComponent).join("/");
    check = ajv.compile({ $ref: `${documentKey}#${fragment}` });
    compiled.set(where, check);
  }
  if (check(value)) {
    return [];
  }
  const errors = check.errors ?? [];
  const words = errors.slice(0, 5).map(({ instancePath, message = "" }) => `${instancePath || "/"} ${message}`);
  const more = errors.length > 5 ? `, and ${errors.length - 5} more` : "";
  return [`${what} ${words.join("; ")}${more}`];
}

/** Converts a text from path or query to the type of its schema, if possible. */
function typed(text: string, type: string | undefined): unknown {
  if (type === "integer" || type === "number") {
    return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  if (type === "boolean") {
    return text === "true" ? true : text === "false" ? false : text;
  }
  return text;
}

function pointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}
