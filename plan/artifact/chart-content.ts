import type { PublishedArtifact } from "../../observe/published/artifact.ts";
import type { PackedContent } from "../../observe/source/artifact/artifact-files.ts";

/** Names in one line; the rest is counted. */
const mostNames = 5;

/**
 * How a published chart differs from the one in the workspace, whoever published it. What is the same at every commit is compared: config,
 * package, and that the manifest names nothing else.
 * @param layer digest of our package
 * @returns a line for each difference; none if the content is the same
 */
export function chartDifferences(
  { chart }: PublishedArtifact,
  layer: string,
  { config, files }: PackedContent,
): string[] {
  if (chart === undefined) {
    return ["it is not a Helm chart"];
  }
  const [only, ...others] = chart.layers;
  if (only === undefined || others.length > 0) {
    return [`it has ${chart.layers.length} layers, and a chart has one`];
  }
  const attached = chart.attached ? ["it is attached to something else, as its `subject` says"] : [];
  if (only !== layer) {
    return [...describePackage(chart.files, files), ...attached];
  }
  const foreign = chart.config === config ? [] : ["its package is the same, and its config says something else of it"];
  return [...foreign, ...attached];
}

function describePackage(
  published: NonNullable<PublishedArtifact["chart"]>["files"],
  ours: PackedContent["files"],
): string[] {
  if (published === undefined || "unreadable" in published) {
    return [`it has another package${published === undefined ? "" : `, which ${published.unreadable}`}`];
  }
  const theirs = published.read;
  const has = (one: PackedContent["files"], path: string): boolean => Object.hasOwn(one, path);
  const [here, there] = [Object.keys(ours).toSorted(), Object.keys(theirs).toSorted()];
  const lines = [
    ...describePaths(
      "differ",
      here.filter((path) => has(theirs, path) && theirs[path] !== ours[path]),
    ),
    ...describePaths(
      "are not published",
      here.filter((path) => !has(theirs, path)),
    ),
    ...describePaths(
      "are only published",
      there.filter((path) => !has(ours, path)),
    ),
  ];
  return lines.length > 0 ? lines : ["its package has the same files and other bytes: another tool packed it"];
}

function describePaths(what: string, paths: readonly string[]): string[] {
  const more = paths.length > mostNames ? ` and ${paths.length - mostNames} more` : "";
  const named = paths.slice(0, mostNames).map((path) => (path.length > 120 ? `${path.slice(0, 120)}…` : path));
  return paths.length === 0 ? [] : [`files that ${what}: ${named.join(", ")}${more}`];
}
