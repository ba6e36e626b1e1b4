interface PropertySpec {
  name: string;
  property_values: string[];
}

/** Conditions of an organization's ruleset, in GitHub's own fields; a kind that came later may stand there too. */
interface OrganizationConditions {
  ref_name?: unknown;
  repository_name?: { include?: string[]; exclude?: string[]; protected?: boolean };
  repository_id?: { repository_ids?: number[] };
  repository_property?: { include?: PropertySpec[]; exclude?: PropertySpec[] };
  [kind: string]: unknown;
}

/**
 * The repositories that an organization's ruleset holds for, as patterns of names. Whatever else narrows or widens them is never declared
 * and stands among the patterns in words of its own, which no pattern can be: so a preview shows it, and `up` replaces it.
 * Source: REST "Create an organization repository ruleset", conditions.
 */
export function shownRepositories(conditions: unknown): string[] {
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
    ...(properties?.include ?? []).map((one) => `with the property ${property(one)}`),
    ...(properties?.exclude ?? []).map((one) => `except with the property ${property(one)}`),
    ...Object.entries(unknown).map(([kind, value]) => `by ${kind} ${JSON.stringify(value)}`),
  ];
}

function property({ name, property_values: values }: PropertySpec): string {
  return `${name} = ${values.join(" or ")}`;
}
