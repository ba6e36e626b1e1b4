import type { z } from "zod";
import type { Mistake } from "../errors/configuration-error.ts";
import { longForm } from "./long-form.ts";
import type { LongForm } from "./long-form.ts";
import { Outline } from "./outline.ts";
import { projectKeys, ReleaseSpec, unitKeys } from "./release-spec.ts";

/** A configuration, read. */
export interface ReadSpec {
  /** The whole, checked, defaults filled in; undefined where there are mistakes. */
  spec: ReleaseSpec | undefined;
  /** What can be read in spite of mistakes. */
  outline: Outline;
  /** All that is wrong with the values; mistakes in the files they name are found by observe/. */
  mistakes: Mistake[];
  /** A place in the tree as the user wrote it: "image" or "images[0]" in the short form, "units[0].images[0]" in the long one. */
  pathOf: (path: readonly PropertyKey[]) => string;
}

/**
 * Reads the configuration of a stack. Throws nothing: what is wrong comes back as mistakes, all of them.
 * @param config what `pulumi.runtime.allConfig()` gives: keys with namespace, values as text
 * @param environment for `${NAME}` in values
 */
export function readSpec(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadSpec {
  const { value, short, image, mistakes } = longForm(config, environment);
  const pathOf = (path: readonly PropertyKey[]): string => written(short ? shortPath(path, image) : path);
  const outline = Outline.parse(value);
  if (mistakes.some((mistake) => mistake.path === "configuration"))
    return { spec: undefined, outline, mistakes, pathOf };

  const parsed = ReleaseSpec.safeParse(value);
  if (!parsed.success)
    mistakes.push(...parsed.error.issues.flatMap((issue) => mistakesOf(issue, value, pathOf, short)));
  mistakes.push(...duplicates(outline, pathOf), ...empties(value, pathOf));
  return { spec: parsed.success && mistakes.length === 0 ? parsed.data : undefined, outline, mistakes, pathOf };
}

function mistakesOf(issue: z.core.$ZodIssue, value: unknown, pathOf: ReadSpec["pathOf"], short: boolean): Mistake[] {
  const member = issue.code === "invalid_union" ? issue.errors.find(isAboutKeys) : undefined;
  if (member) {
    // One of the forms has keys, as the value does: what is wrong in it says more than that no form fits.
    return member.flatMap((inner) =>
      mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }, value, pathOf, short),
    );
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      value: at(value, [...issue.path, key]),
      reason: "is no key that Lockstep knows",
      example: `one of ${knownKeys(issue.path, short).join(", ")}`,
    }));
  }
  const found = at(value, issue.path);
  const missing = found === undefined && issue.code === "invalid_type";
  return [
    {
      path: pathOf(issue.path),
      value: found,
      reason: missing ? "is missing" : plainReason(issue),
      example: exampleAt(issue.path),
    },
  ];
}

function isAboutKeys(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys");
}

function plainReason(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? `must be of type ${issue.expected}` : issue.message;
}

/** Names and repositories that stand twice. One repository per image: two would overwrite each other's version tag. */
function duplicates(outline: Outline, pathOf: ReadSpec["pathOf"]): Mistake[] {
  const unitNames = outline.units.map((unit, index) => ({ key: unit.name, path: ["units", index, "name"] }));
  const images = outline.units.flatMap((unit, unitIndex) =>
    unit.images.map((image, index) => ({ image, path: ["units", unitIndex, "images", index] })),
  );
  const repositories = images.map(({ image, path }) => ({ key: image.repository, path: [...path, "repository"] }));
  // A name that comes from a repository which stands twice is no mistake of its own.
  const imageNames = images.map(({ image, path }, index) => {
    const again = repositories.findIndex(({ key }) => key === image.repository) < index;
    return { key: image.name ?? (again ? undefined : image.repository?.split("/").at(-1)), path: [...path, "name"] };
  });
  const tagPatterns = outline.units.map((unit, index) => ({
    key: unit.tags?.git,
    path: ["units", index, "tags", "git"],
  }));
  return [
    ...twice(unitNames, "is the name of another unit too", "another name"),
    ...twice(imageNames, "is the name of another image too", "`name: app-worker`"),
    ...twice(tagPatterns, "is the tag of another unit too", "`app-v{version}`"),
    ...twice(repositories, "is the repository of another image too", "one repository for each image"),
  ];

  function twice(
    items: { key: string | undefined; path: PropertyKey[] }[],
    reason: string,
    example: string,
  ): Mistake[] {
    const seen = new Set<string>();
    return items.flatMap(({ key, path }) => {
      if (key === undefined) return [];
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [{ path: pathOf(path), value: key, reason, example }];
    });
  }
}

/** A unit without image and asset would be a Release of nothing; several units need names. */
function empties(value: Record<string, unknown>, pathOf: ReadSpec["pathOf"]): Mistake[] {
  const units = Array.isArray(value["units"]) ? (value["units"] as unknown[]) : [];
  return units.flatMap((unit, index) => {
    if (unit === null || typeof unit !== "object") return [];
    const path = pathOf(["units", index]) || "configuration";
    const isEmpty = (key: string): boolean => {
      const list = (unit as Record<string, unknown>)[key];
      return list === undefined || (Array.isArray(list) && list.length === 0);
    };
    return [
      ...(isEmpty("images") && isEmpty("assets")
        ? [{ path, reason: "releases nothing: it has neither images nor assets", example: "`image: ghcr.io/acme/app`" }]
        : []),
      ...(units.length > 1 && !("name" in unit)
        ? [{ path: pathOf(["units", index, "name"]), reason: "is missing: several units need names", example: "app" }]
        : []),
    ];
  });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function shortPath(path: readonly PropertyKey[], image: LongForm["image"]): readonly PropertyKey[] {
  const inUnit = path[0] === "units" ? path.slice(2) : path;
  if (image === undefined || inUnit[0] !== "images") return inUnit;
  const inImage = inUnit.slice(2);
  return image === "text" && inImage[0] === "repository" ? ["image"] : ["image", ...inImage];
}

function written(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );
}

/** The schema below a path: arrays are entered by any number, wrappers (default, optional) are looked through. */
function schemaAt(path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = ReleaseSpec;
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
  if (inner) return unwrapped(inner);
  // Of several forms, the one that has keys.
  return def.options?.map(unwrapped).find((option) => "shape" in option._zod.def) ?? schema;
}

function knownKeys(path: readonly PropertyKey[], short: boolean): readonly string[] {
  const schema = schemaAt(path);
  const shape = schema && (unwrapped(schema)._zod.def as { shape?: Record<string, unknown> }).shape;
  if (path.length === 0) return short ? ["image", ...projectKeys, ...unitKeys] : projectKeys;
  return shape ? Object.keys(shape) : [];
}

/** The example that stands at the schema nearest to the mistake. */
function exampleAt(path: readonly PropertyKey[]): string {
  for (let length = path.length; length >= 0; length--) {
    let schema = schemaAt(path.slice(0, length));
    while (schema) {
      const example = (schema as z.ZodType).meta?.()?.["example"];
      if (typeof example === "string") return `\`${example}\``;
      schema =
        (schema._zod.def as { innerType?: z.core.$ZodType }).innerType ??
        (schema._zod.def as { in?: z.core.$ZodType }).in;
    }
  }
  return "`lockstep:image: ghcr.io/acme/app`";
}
