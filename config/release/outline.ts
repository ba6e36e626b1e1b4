import { joinOutlinedArtifacts } from "../artifact/artifact-kinds.ts";
import type { ArtifactLists, OutlinedArtifact } from "../artifact/artifact-kinds.ts";
import { nameCharts } from "../artifact/chart-names.ts";
import { lenient } from "../lenient.ts";
import type { Lenient } from "../lenient.ts";
import type { ChartSet, SetChart } from "./chart-set.ts";
import { ReleaseSpec } from "./release-spec.ts";
import type { Unit } from "./unit.ts";

/** The readable part of one unit. */
export type OutlinedUnit = Omit<Lenient<Unit>, keyof ArtifactLists> & {
  artifacts: OutlinedArtifact[];
  /** The chart of the chart set that it was made for; left out for a unit that stands in the configuration. */
  chart?: SetChart;
};

/**
 * What can be read of a configuration that may be wrong elsewhere. With it duplicates, missing files and versions outside the lane are found
 * in the same run as wrong values, so that the user can fix everything at once.
 */
export interface Outline {
  /** `owner/name` on GitHub; undefined if it cannot be read. */
  repository: string | undefined;
  workspace: string;
  /** Host of the registry whose packages GitHub's API knows; undefined if it cannot be read. */
  registry: string | undefined;
  /** Versions that the lane accepts; undefined if that cannot be read. */
  accepts: string | undefined;
  /** The chart set; undefined if there is none. */
  charts: Lenient<ChartSet> | undefined;
  units: OutlinedUnit[];
}

const readable = lenient(ReleaseSpec);

/** The readable part of a configuration in its long form. */
export function outlineOf(value: unknown): Outline {
  const { repository, workspace = ".", packages, lane, charts, units = [] } = readable.parse(value) ?? {};
  return {
    repository,
    workspace,
    registry: packages?.registry,
    accepts: lane?.accepts,
    charts,
    units: nameCharts(units.map((unit = {}) => joinOutlinedArtifacts(unit))),
  };
}
