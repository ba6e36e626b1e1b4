import { z } from "zod";
import { RawText, Switch, Text, Texts } from "./chart-text.ts";
import type { HelmValue } from "./helm/helm-json.ts";
import { readVersionRange } from "./helm/version-range.ts";

/** The keys of a dependency that helm knows, in the order in which it writes them. */
export const dependencyKeys = [
  "name",
  "version",
  "repository",
  "condition",
  "tags",
  "enabled",
  "import-values",
  "alias",
] as const;

/** A dependency in Chart.yaml, requirements.yaml or Chart.lock. What is not there is "", false or an empty list. */
export const Dependency = z.object(
  {
    name: Text,
    /** A range in Chart.yaml, mostly one version in Chart.lock. */
    version: Text,
    /** `https://…`, `oci://…`, `file://…`, `@NAME` or `alias:NAME`; "" for a chart that lies in charts/. */
    repository: Text,
    condition: Text,
    tags: Texts,
    enabled: Switch,
    "import-values": z
      .array(
        z.union([z.string(), z.record(z.string(), z.string())], { error: "must be a text, or `child` and `parent`" }),
        { error: "must be a list" },
      )
      .nullish()
      .transform((values) => values ?? []),
    alias: RawText,
  },
  { error: "must have `name`, `version` and `repository`" },
);

/** A dependency as it was read. */
export type Dependency = z.output<typeof Dependency>;

/** Dependencies of a chart. Missing or null: undefined, which has another digest than an empty list. */
export const Dependencies = z
  .array(Dependency, { error: "must be a list" })
  .superRefine((dependencies, context) => {
    for (const [index, dependency] of dependencies.entries()) {
      for (const [key, message] of findFaults(dependency, dependencies.slice(0, index))) {
        context.addIssue({ code: "custom", path: [index, key], message });
      }
    }
  })
  .nullish()
  .transform((dependencies) => dependencies ?? undefined);

/** What helm writes of a dependency, in config blobs and below digests: empty keys are left out, but not `repository`. */
export function dependencyValue(dependency: Dependency): HelmValue {
  const { name, version, repository, condition, tags, enabled, alias, "import-values": values } = dependency;
  return {
    name,
    version: version || undefined,
    repository,
    condition: condition || undefined,
    tags: tags.length > 0 ? tags : undefined,
    enabled: enabled || undefined,
    "import-values":
      values.length > 0
        ? values.map((value) => (typeof value === "string" ? value : new Map(Object.entries(value))))
        : undefined,
    alias: alias || undefined,
  };
}

function findFaults(
  { name, version, repository, alias }: Dependency,
  before: readonly Dependency[],
): (readonly [key: string, reason: string])[] {
  const key = alias || name;
  return [
    ...(name === "" ? [["name", "is missing"] as const] : []),
    ...(version === "" && repository !== "" ? [["version", "is missing"] as const] : []),
    ...(version !== "" && readVersionRange(version) === undefined
      ? [["version", "is not a range of versions to helm"] as const]
      : []),
    ...(/^[a-zA-Z0-9_-]*$/.test(alias) ? [] : [["alias", "may have letters, digits, `_` and `-` only"] as const]),
    ...(name !== "" && before.some((other) => (other.alias || other.name) === key)
      ? [[alias ? "alias" : "name", `is the name or alias of another dependency`] as const]
      : []),
  ];
}
