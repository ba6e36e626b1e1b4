import type { Artifact } from "../../config/artifact/artifact-kinds.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { explainOtherImage } from "../../formats/chart/hub-images.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import { isEdited } from "../artifact/pinned-chart.ts";
import type { PinnedChart } from "../artifact/pinned-chart.ts";
import { nameOfPacked } from "../project/packed-artifacts.ts";
import { findPinnable, pinOf, recordedPins } from "./pinned-images.ts";
import type { PinAnswer, PinnableUnit, PinningUnit } from "./pinned-images.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";

/** The charts into whose files something is written. */
export interface PinnedCharts {
  /** By the name of the artifact, which is unique in the project. */
  charts: Readonly<Record<string, PinnedChart>>;
  /** By the name of the unit: images that cannot be pinned. */
  mistakes: Readonly<Record<string, Mistake[]>>;
  /** A line for each published chart that would pin another version today. */
  notices: string[];
  /** A line for each image that Artifact Hub would show for a chart in another version than it deploys. */
  warnings: string[];
}

/** A chart into whose files something is written, or was when it was published, with its unit and its package. */
interface EditedChart extends PinningUnit {
  chart: Artifact<"chart">;
  packed: PackedFile;
  /** References of the images that Artifact Hub shows for it. */
  shown: readonly string[];
}

/**
 * Finds the units that are not released in this run and whose newest version has to be known, because a chart that is not published yet pins
 * an image of theirs.
 * @param units every unit of this run
 */
export function unitsToAsk(
  project: Pick<ProjectPlan, "declared" | "units">,
  units: readonly PinningUnit[],
): ProjectPlan["declared"] {
  const asked = units.flatMap(editedCharts).flatMap(({ chart, ...edited }) => {
    const recorded = recordedPins(edited, chart.name);
    const images = Object.values(chart.written.pins ?? {}).map(({ image }) => image);
    return recorded === undefined ? images : [];
  });
  return project.declared.filter(
    ({ name, unit }) =>
      project.units.every((one) => one.name !== name) &&
      unit.artifacts.some((artifact) => artifact.kind === "image" && asked.includes(artifact.name)),
  );
}

/**
 * Plans what is written into the files of charts: into a published one what its record says, so that a newer image makes no difference to it,
 * and into every other one the newest images: those of this run, or the last published ones of a unit that is not in it.
 * @param units every unit of this run
 * @param pinnable every unit of the project
 */
export function planPinnedCharts(units: readonly PinningUnit[], pinnable: readonly PinnableUnit[]): PinnedCharts {
  const planned = units.flatMap(editedCharts).map((edited) => ({ edited, answers: answersOf(edited, pinnable) }));
  const wrong = planned.map(({ edited, answers }) => ({
    unit: edited.unit.name,
    mistakes: answers.flatMap(({ mistake }) => mistake ?? []),
  }));
  return {
    charts: Object.fromEntries(
      planned.map(({ edited, answers }) => [edited.chart.name, contentOf(edited, answers, pinnable)]),
    ),
    mistakes: Object.fromEntries(
      [...Map.groupBy(wrong, ({ unit }) => unit)].map(([unit, list]) => [
        unit,
        list.flatMap(({ mistakes }) => mistakes),
      ]),
    ),
    notices: [...new Set(planned.flatMap(({ answers }) => answers.flatMap(({ notice }) => notice ?? [])))],
    warnings: planned.flatMap(({ edited, answers }) => hubWarnings(edited, answers, units)),
  };
}

/**
 * Puts into a unit what is known of its charts after planPinnedCharts(): their packages with everything that is written into them. A package
 * that is known only after the push of an image is in the unit no longer.
 * @param packages by the name of the chart: the edited packages that are known
 * @returns the unit, and the hashes with those of its charts
 */
export function withPinnedCharts(
  unit: UnitPlan,
  sourceHashes: Readonly<Record<string, string>>,
  charts: Readonly<Record<string, PinnedChart>>,
  packages: Readonly<Record<string, PackedFile>>,
): { unit: UnitPlan; sourceHashes: Readonly<Record<string, string>> } {
  const { artifacts } = unit.spec;
  const own = artifacts.map(({ name }) => name).filter((name) => charts[name] !== undefined);
  if (own.length === 0) {
    return { unit, sourceHashes };
  }
  const files = unit.files.artifacts.map(({ packed, ...others }, at) => {
    const name = artifacts[at]?.name ?? "";
    const now = own.includes(name) ? packages[name] : packed;
    return now === undefined ? others : { ...others, packed: now };
  });
  return {
    unit: {
      ...unit,
      files: { ...unit.files, artifacts: files },
      pinned: Object.fromEntries(own.flatMap((name) => (charts[name] ? [[name, charts[name]]] : []))),
    },
    sourceHashes: { ...sourceHashes, ...Object.fromEntries(own.map((name) => [name, packages[name]?.sha256 ?? ""])) },
  };
}

function editedCharts({ unit, published }: PinningUnit): EditedChart[] {
  return unit.spec.artifacts.flatMap((artifact, at) => {
    const { packed, words } = unit.files.artifacts[at] ?? {};
    if (artifact.kind !== "chart" || packed === undefined) {
      return [];
    }
    const hasPins = (recordedPins({ unit, published }, artifact.name) ?? []).length > 0;
    return hasPins || isEdited(artifact)
      ? [{ unit, published, chart: artifact, packed, shown: words?.images ?? [] }]
      : [];
  });
}

function answersOf({ chart, ...edited }: EditedChart, pinnable: readonly PinnableUnit[]): PinAnswer[] {
  return Object.entries(chart.written.pins ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { image, form }]) => pinOf({ chart, path, image, form }, edited, pinnable));
}

/**
 * Compares the images that Artifact Hub shows for a chart with its pins. It reads a version once, so that a published chart is not compared. The
 * version in a preview may be made up.
 */
function hubWarnings(
  { chart, packed, shown, ...edited }: EditedChart,
  answers: readonly PinAnswer[],
  units: readonly PinningUnit[],
): string[] {
  const isKnown = ({ artifact }: PinAnswer["pin"]): boolean =>
    units.every(
      ({ unit }) =>
        !unit.version.provisional ||
        unit.spec.artifacts.every(({ kind, name }) => kind !== "image" || name !== artifact),
    );
  const pins = recordedPins(edited, chart.name) === undefined ? answers.map(({ pin }) => pin).filter(isKnown) : [];
  const lines = shown.flatMap((reference) =>
    pins.flatMap((pin) => {
      const why = explainOtherImage(reference, pin);
      return why === undefined
        ? []
        : [
            `${packed.path}/Chart.yaml: annotations["artifacthub.io/images"] has ${reference}, but ${why}. Artifact Hub reads a version once.`,
          ];
    }),
  );
  return [...new Set(lines)];
}

function contentOf(
  { chart, unit, published, packed }: EditedChart,
  answers: readonly PinAnswer[],
  pinnable: readonly PinnableUnit[],
): PinnedChart {
  const { appVersion: image, version } = chart.written;
  const pins = answers.map(({ pin }) => pin);
  const appVersion =
    image && (pins.find(({ artifact }) => artifact === image)?.version ?? findPinnable(image, pinnable)?.version);
  const versions = {
    ...(appVersion === undefined ? {} : { appVersion }),
    ...(version === undefined ? {} : { version: unit.version.version }),
  };
  return {
    pins,
    recorded: recordedPins({ unit, published }, chart.name),
    versions: Object.keys(versions).length > 0 ? versions : undefined,
    layer: `sha256:${packed.sha256}`,
    packageName: nameOfPacked(packed, unit.version.version),
  };
}
