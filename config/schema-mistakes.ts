import type { z } from "zod";
import type { Mistake } from "../errors/configuration-error.ts";

/** A tree of values that a schema refused, and how its user wrote it. */
export interface WrittenTree {
  value: unknown;
  schema: z.core.$ZodType;
  /** A place in the tree as the user wrote it. */
  pathOf: (path: readonly PropertyKey[]) => string;
  /** Keys that may stand at the top. */
  topKeys: readonly string[];
  /** Shown where no schema near the mistake has an example. */
  example: string;
}

/** Words one of zod's issues for people: place, value, reason, and an example that would do. */
export function mistakesOf(issue: z.core.$ZodIssue, tree: WrittenTree): Mistake[] {
  const { value, pathOf } = tree;
  const member = issue.code === "invalid_union" ? issue.errors.find(isAboutKeys) : undefined;
  if (member) {
    // One of the forms has keys, as the value does: what is wrong in it says more than that no form fits.
    return member.flatMap((inner) => mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }, tree));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      value: at(value, [...issue.path, key]),
      reason: "is not a known key",
      example: `one of ${knownKeys(issue.path, tree).join(", ")}`,
    }));
  }
  const found = at(value, issue.path);
  const missing = found === undefined && issue.code === "invalid_type";
  return [
    {
      path: pathOf(issue.path),
      value: found,
      reason: missing ? "is missing" : plainReason(issue),
      example: exampleAt(issue.path, tree),
    },
  ];
}

function isAboutKeys(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys");
}

function plainReason(issue: z.core.$ZodIssue): string {
  // Of a key that is wrong zod says no more than that.
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => message).join("; ");
  }
  return issue.code === "invalid_type" ? `must be of type ${issue.expected}` : issue.message;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The schema below a path: arrays are entered by any number, wrappers (default, optional) are looked through. */
function schemaAt(path: readonly PropertyKey[], root: z.core.$ZodType): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root;
  for (const key of path) {
    schema = schema && unwrapped(schema);
    const def = schema?._zod.def as
      | { type?: string; element?: z.core.$ZodType; shape?: Record<PropertyKey, z.core.$ZodType> }
      | undefined;
    schema = def?.type === "array" ? def.element : def?.shape?.[key];
  }
  return schema;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType; options?: z.core.$ZodType[] };
  const inner = def.innerType ?? def.in;
  if (inner) {
    return unwrapped(inner);
  }
  // Of several forms, the one that has keys.
  return def.options?.map(unwrapped).find((option) => "shape" in option._zod.def) ?? schema;
}

function knownKeys(path: readonly PropertyKey[], { schema: root, topKeys }: WrittenTree): readonly string[] {
  const schema = schemaAt(path, root);
  const shape = schema && (unwrapped(schema)._zod.def as { shape?: Record<string, unknown> }).shape;
  if (path.length === 0) {
    return topKeys;
  }
  return shape ? Object.keys(shape) : [];
}

/** The example that stands at the schema nearest to the mistake. */
function exampleAt(path: readonly PropertyKey[], { schema: root, example: otherwise }: WrittenTree): string {
  for (let length = path.length; length >= 0; length--) {
    let schema = schemaAt(path.slice(0, length), root);
    while (schema) {
      const example = (schema as z.ZodType).meta?.()?.["example"];
      if (typeof example === "string") {
        return `\`${example}\``;
      }
      schema =
        (schema._zod.def as { innerType?: z.core.$ZodType }).innerType ??
        (schema._zod.def as { in?: z.core.$ZodType }).in;
    }
  }
  return otherwise;
}
