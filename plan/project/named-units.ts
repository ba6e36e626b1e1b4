import { countWritten } from "../../config/release/chart-set.ts";
import type { ReadProject, ReadUnit } from "../../config/release/release-spec.ts";
import { defaultTagPattern } from "../../formats/release/tag-pattern.ts";

/** A unit of a configuration with the name and the tag pattern that it has in a release. */
export interface NamedUnit {
  name: string;
  /** `v{version}`. */
  tagPattern: string;
  unit: ReadUnit;
}

/** The units of a configuration, in its order. */
export function namedUnits({ repository, units }: ReadProject): NamedUnit[] {
  const written = countWritten(units);
  return units.map((unit) => {
    const name = unit.name ?? defaultName(repository);
    return { name, tagPattern: unit.tags.git ?? defaultTagPattern(written, name), unit };
  });
}

/**
 * The name of a project's only unit if it has none of its own.
 * @param repository `owner/name` on GitHub
 */
export function defaultName(repository: string): string {
  const name = repository.slice(repository.indexOf("/") + 1).toLowerCase();
  return name.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}
