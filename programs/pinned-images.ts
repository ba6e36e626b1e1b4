import { findLatestVersion } from "../observe/published/latest-version.ts";
import { observeUnit } from "../observe/published/unit.ts";
import { unitsToAsk } from "../plan/pins/pinned-charts.ts";
import type { PinnableUnit, PinningUnit } from "../plan/pins/pinned-images.ts";
import type { ProjectPlan } from "../plan/project/project.ts";
import { questionOf } from "../plan/release/release.ts";

/**
 * What is known of the images that charts pin: of each unit of the run what was found of it, and of the others, if a chart pins an image of
 * theirs, the last published version.
 * @param units every unit of this run of which it is known what is published
 */
export async function pinnableUnits(project: ProjectPlan, units: readonly PinningUnit[]): Promise<PinnableUnit[]> {
  const asked = unitsToAsk(project, units);
  return Promise.all(
    project.declared.map(async (declared) => {
      const { name, unit: spec } = declared;
      const own = project.units.find((unit) => unit.name === name);
      if (own) {
        const published = units.find(({ unit }) => unit.name === name)?.published;
        return { name, spec, version: own.version.version, published, inRun: true };
      }
      const version = asked.includes(declared)
        ? await findLatestVersion(project.repository, declared.tagPattern)
        : undefined;
      const published = version === undefined ? undefined : await observeVersion(project, declared, version);
      return { name, spec, version, published, inRun: false };
    }),
  );
}

function observeVersion(project: ProjectPlan, { unit, tagPattern }: ProjectPlan["declared"][number], version: string) {
  const spec = { ...unit, artifacts: unit.artifacts.filter(({ kind }) => kind === "image") };
  return observeUnit(questionOf(project, { spec, tagPattern, version: { version }, files: { artifacts: [] } }, {}));
}
