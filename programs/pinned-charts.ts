import * as pulumi from "@pulumi/pulumi";
import { configurationError } from "../errors/configuration-error.ts";
import type { ReleaseError } from "../errors/release-error.ts";
import { shownLines } from "../errors/shown-text.ts";
import { packEditedChart } from "../observe/source/artifact/chart.ts";
import { editsOf } from "../plan/artifact/pinned-chart.ts";
import { planPinnedCharts, withPinnedCharts } from "../plan/pins/pinned-charts.ts";
import type { PinningUnit } from "../plan/pins/pinned-images.ts";
import type { ProjectPlan } from "../plan/project/project.ts";
import { pinnableUnits } from "./pinned-images.ts";

/** A unit of the run, as far as charts need it. */
interface HashedUnit extends PinningUnit {
  /** Of each artifact, by name. */
  sourceHashes: Readonly<Record<string, string>>;
}

/** A unit after its charts are known, or why it cannot be released. */
export type PinnedUnit<Unit> = { unit: string; version: Unit } | { unit: string; refusal: ReleaseError };

/**
 * Decides what is written into the files of charts, and packages those whose images are known. Shows which published charts would pin newer
 * images today.
 * @param units every unit of this run of which it is known what is published
 * @returns the units with the edited packages in the place of those that the folders make; CONFIGURATION for a unit with an image that cannot
 * be pinned
 */
export async function pinCharts<Unit extends HashedUnit>(
  project: ProjectPlan,
  units: readonly Unit[],
): Promise<PinnedUnit<Unit>[]> {
  const { charts, mistakes, notices, warnings } = planPinnedCharts(units, await pinnableUnits(project, units));
  for (const notice of notices) {
    void pulumi.log.info(shownLines(notice));
  }
  for (const warning of warnings) {
    void pulumi.log.warn(shownLines(warning));
  }
  return Promise.all(
    units.map(async (one) => {
      const { name, spec } = one.unit;
      const wrong = mistakes[name] ?? [];
      if (wrong.length > 0) {
        return { unit: name, refusal: configurationError(wrong) };
      }
      const packages = await Promise.all(
        spec.artifacts.map(async ({ kind, name: artifact, written }) => {
          const pinned = charts[artifact];
          const edits = pinned && editsOf(pinned);
          const packed =
            kind === "chart" && edits ? await packEditedChart(project.workspace, written, edits) : undefined;
          return packed ? [[artifact, packed] as const] : [];
        }),
      );
      const known = withPinnedCharts(one.unit, one.sourceHashes, charts, Object.fromEntries(packages.flat()));
      return { unit: name, version: { ...one, ...known } };
    }),
  );
}
