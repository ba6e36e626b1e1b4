import { posix } from "node:path";
import type { ReadSpec } from "../../config/release/read-spec.ts";

/**
 * Makes the place in a configuration that a message names, also for units that are made of a chart set: what the set says leads to its keys,
 * and what the chart says to its Chart.yaml.
 * @param read the configuration as it was written
 * @param folders of the charts whose units stand behind those of the configuration, in their order
 */
export function setPath({ outline, pathOf }: ReadSpec, folders: readonly string[]): ReadSpec["pathOf"] {
  return (path) => {
    const [list, index, ...rest] = path;
    const folder = list === "units" && typeof index === "number" ? folders[index - outline.units.length] : undefined;
    return folder === undefined ? pathOf(path) : chartPath(folder, rest, pathOf);
  };
}

/** @param path in the unit */
function chartPath(folder: string, path: readonly PropertyKey[], pathOf: ReadSpec["pathOf"]): string {
  const [key, ...below] = path;
  if (key === "charts") {
    // The unit's one chart: `["charts", 0, "repository"]`. The set has these by the chart's name.
    if (below[1] === "pins" || below[1] === "appVersion") {
      return pathOf(["charts", below[1], posix.basename(folder), ...below.slice(2)]);
    }
    return below[1] === "name" ? `${folder}/Chart.yaml: name` : pathOf(["charts", ...below.slice(1)]);
  }
  if (key === "tags") {
    return pathOf(["charts", "tag"]);
  }
  if (key === "name" || key === "version") {
    return `${folder}/Chart.yaml: ${key}`;
  }
  return key === undefined ? folder : pathOf(["charts", ...path]);
}
