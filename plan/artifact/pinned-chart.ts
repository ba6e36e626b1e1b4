import { createHash } from "node:crypto";
import type { Artifact } from "../../config/artifact/artifact-kinds.ts";
import type { PinRecord } from "../../formats/release/release-record.ts";
import type { ChartEdits, ChartPin, ChartVersions } from "../../formats/chart/pin/chart-edits.ts";

/** A value of a chart that names an image of the project. */
export interface PlannedPin extends Omit<ChartPin, "digest"> {
  /** The image's name in the project. */
  artifact: string;
  /** The version of the image's unit. */
  version: string;
  /** Of the image; undefined if it is known only after this run has pushed it. */
  digest: string | undefined;
}

/** What is written into a chart's files before it is packaged. */
export interface PinnedChart {
  /** In the order of their paths. */
  pins: readonly PlannedPin[];
  /** What the record of the published chart says of its pins, whatever the configuration says now; undefined for a chart that has none. */
  recorded: readonly PinRecord[] | undefined;
  /** What replaces the versions of Chart.yaml; undefined if nothing does. */
  versions: ChartVersions | undefined;
  /** The digest of the package that the folder makes as it is. */
  layer: string;
  /** Name of the package on the Release. */
  packageName: string;
}

/** Whether something is written into the files of an artifact before it is packaged. */
export function isEdited(artifact: Artifact): artifact is Artifact<"chart"> {
  if (artifact.kind !== "chart") {
    return false;
  }
  const { pins = {}, appVersion, version } = artifact.written;
  return Object.keys(pins).length > 0 || appVersion !== undefined || version !== undefined;
}

/** What is written into the files of a chart; undefined as long as a digest is not known. */
export function editsOf({ pins, versions }: Pick<PinnedChart, "pins" | "versions">): ChartEdits | undefined {
  const known = pins.flatMap(({ path, form, repository, tag, digest }) =>
    digest === undefined ? [] : [{ path, form, repository, tag, digest }],
  );
  return known.length < pins.length
    ? undefined
    : { ...(known.length > 0 ? { pins: known } : {}), ...(versions && { versions }) };
}

/**
 * What is written into a chart to try it out before anything is pushed: in each place a digest of its own, by which the place is found in what
 * is rendered. No image has it.
 */
export function trialEdits({ pins, versions }: Pick<PinnedChart, "pins" | "versions">): ChartEdits {
  const tried = pins.map(({ path, form, repository, tag }) => {
    const digest = `sha256:${createHash("sha256").update(path).digest("hex")}`;
    return { path, form, repository, tag, digest };
  });
  return { ...(tried.length > 0 ? { pins: tried } : {}), ...(versions && { versions }) };
}

/** The images whose pushes have to be waited for before a chart can be packaged. */
export function awaitedImages({ pins }: Pick<PinnedChart, "pins">): string[] {
  return [...new Set(pins.flatMap(({ artifact, digest }) => (digest === undefined ? [artifact] : [])))];
}
