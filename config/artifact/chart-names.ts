import type { OutlinedArtifact } from "./artifact-kinds.ts";
import { artifactName } from "./artifact-name.ts";

/** What is added to the name of a chart, or of its unit, if something else in the project has that name. */
const suffix = "-chart";

/**
 * The name of a chart beside others.
 * @param taken names that it must not have
 * @returns `widgets-chart` for a `widgets` that is taken; any other name as it is
 */
export function chartName(name: string, taken: ReadonlySet<string | undefined>): string {
  return taken.has(name) ? `${name}${suffix}` : name;
}

/**
 * Gives each chart without a `name` of its own the name that it has beside the images of the project: apps and their charts are often called the
 * same. A chart that has a `name` keeps it, and so does every image.
 * @param units all units of the project. Naming them again changes nothing
 */
export function nameCharts<U extends { artifacts: readonly OutlinedArtifact[] }>(units: readonly U[]): U[] {
  const images = new Set(
    units.flatMap(({ artifacts }) => artifacts.flatMap(({ kind, name }) => (kind === "image" ? [name] : []))),
  );
  return units.map((unit) => ({ ...unit, artifacts: unit.artifacts.map((artifact) => named(artifact, images)) }));
}

function named(artifact: OutlinedArtifact, images: ReadonlySet<string | undefined>): OutlinedArtifact {
  const name = artifactName(artifact.written);
  return artifact.kind !== "chart" || artifact.written.name !== undefined || name === undefined
    ? artifact
    : { ...artifact, name: chartName(name, images) };
}
