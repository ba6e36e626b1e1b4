interface PropertySpec {
  name: string;
  property_values: string[];
}

/** Conditions of an organization's ruleset, in GitHub's own fields; GitHub may add other kinds later. */
interface OrganizationConditions {
  ref_name?: unknown;
  repository_name?: { include?: string[]; exclude?: string[]; protected?: boolean };
  repository_id?: { repository_ids?: number[] };
  repository_property?: { include?: PropertySpec[]; exclude?: PropertySpec[] };
  [kind: string]: unknown;
}

/**
 * Writes the repositories that an organization's ruleset applies to as patterns of names. Other conditions are never declared. They are
 * described among the patterns, in words that cannot be a pattern: so a preview shows them, and `up` replaces them.
 * Source: REST "Create an organization repository ruleset", conditions.
 */
export function describeRepositories(conditions: unknown): string[] {
  const {
    ref_name: _,
    repository_name: names,
    repository_id: ids,
    repository_property: properties,
    ...unknown
  } = (conditions ?? {}) as OrganizationConditions;
  return [
    ...(names?.include ?? []),
    ...(names?.exclude ?? []).map((pattern) => `except ${pattern}`),
    ...(names?.protected ? ["not to be renamed"] : []),
    ...(ids?.repository_ids ?? []).map((id) => `with the id ${id}`),
    ...(properties?.include ?? []).map((one) => `with the property ${describeProperty(one)}`),
    ...(properties?.exclude ?? []).map((one) => `except with the property ${describeProperty(one)}`),
    ...Object.entries(unknown).map(([kind, value]) => `by ${kind} ${JSON.stringify(value)}`),
  ];
}

function describeProperty({ name, property_values: values }: PropertySpec): string {
  return `${name} = ${values.join(" or ")}`;
}
