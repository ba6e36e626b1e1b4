/** One entry of GitHub's `errors` array. */
export interface FieldError {
  resource: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  field?: string;
  message?: string;
}

/** A refusal of the API: thrown by a route, answered with GitHub's error body. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, errors?: readonly FieldError[], headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** 404, even if a resource exists but the caller must not know (https://docs.github.com/rest, "404 Not Found"). */
export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

/** 422 with one or more entries about fields. */
export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, "Validation Failed", errors);
}

/** A JSON body's fields; mistakes are refused in GitHub's own words. */
export interface Fields {
  /** @throws ApiError 422 if the field is missing or not a string */
  required(name: string): string;
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
  object(name: string): Fields | undefined;
  has(name: string): boolean;
}

/** Wraps a parsed JSON body. */
export function fieldsOf(body: unknown): Fields {
  const record = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const bad = (name: string, value: unknown, kind: string) =>
    new ApiError(422, `Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not ${kind}.`);
  const text = (name: string): string | undefined => {
    const value = record[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (typeof value !== "string") {
      throw bad(name, value, "a string");
    }
    return value;
  };
  return {
    required(name) {
      const value = text(name);
      if (value === undefined) {
        throw new ApiError(422, `Invalid request.\n\n${JSON.stringify(name)} wasn't supplied.`);
      }
      return value;
    },
    text,
    flag(name) {
      const value = record[name];
      if (value === undefined || value === null) {
        return undefined;
      }
      if (typeof value !== "boolean") {
        throw bad(name, value, "a boolean");
      }
      return value;
    },
    choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
      const value = text(name);
      if (value === undefined) {
        return undefined;
      }
      const found = choices.find((choice) => choice === value);
      if (found === undefined) {
        throw bad(name, value, `a member of ${JSON.stringify(choices)}`);
      }
      return found;
    },
    object(name) {
      const value = record[name];
      if (value === undefined || value === null) {
        return undefined;
      }
      if (typeof value !== "object") {
        throw bad(name, value, "an object");
      }
      return fieldsOf(value);
    },
    has: (name) => record[name] !== undefined,
  };
}
