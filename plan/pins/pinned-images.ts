import type { Artifact } from "../../config/artifact/artifact-kinds.ts";
import type { ReadUnit } from "../../config/release/release-spec.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import type { PinForm } from "../../formats/chart/pin/pin-form.ts";
import { writeKeyPath } from "../../formats/key-path.ts";
import type { PinRecord } from "../../formats/release/release-record.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import { versionTag } from "../artifact/artifact-plan.ts";
import type { PlannedPin } from "../artifact/pinned-chart.ts";
import type { UnitPlan } from "../project/project.ts";

/** A unit of this run with what is published under its version. */
export interface PinningUnit {
  unit: UnitPlan;
  published: PublishedUnit;
}

/** A unit whose images charts may pin. */
export interface PinnableUnit {
  name: string;
  spec: ReadUnit;
  /** The version that is released in this run; for a unit that is not in it the last published one, undefined if there is none. */
  version: string | undefined;
  /** What is published under that version. */
  published: PublishedUnit | undefined;
  /** Whether this run releases it. */
  inRun: boolean;
}

/** A value of a chart that is to name an image. */
export interface AskedPin {
  chart: Artifact<"chart">;
  path: string;
  /** Name of the image. */
  image: string;
  form: PinForm;
}

/** What is written in the place, and what there is to say of it. */
export interface PinAnswer {
  pin: PlannedPin;
  /** Why the image cannot be pinned. */
  mistake?: Mistake;
  /** That another version would be pinned today. */
  notice?: string;
}

/** Finds the unit that an image belongs to. */
export function findPinnable(image: string, pinnable: readonly PinnableUnit[]): PinnableUnit | undefined {
  return pinnable.find(({ spec }) => spec.artifacts.some(({ kind, name }) => kind === "image" && name === image));
}

/**
 * What the record of a chart's own Release, or of a draft of it, says of its pins.
 * @param name of the chart
 * @returns undefined if nothing is published that would say so; nothing at all for a record that has none
 */
export function recordedPins({ unit, published }: PinningUnit, name: string): readonly PinRecord[] | undefined {
  const owner = `${unit.name}@${unit.version.version}`;
  if (published.release?.owner === owner) {
    return published.release.record?.artifacts[name]?.pins ?? [];
  }
  const found = published.artifacts[name];
  const drafts = published.drafts.filter((draft) => draft.owner === owner).flatMap(({ record }) => record ?? []);
  return found && drafts.map(({ artifacts }) => artifacts[name]).find((entry) => entry?.digest === found.digest)?.pins;
}

/** Finds what is written in one place of a chart. */
export function pinOf(
  { chart, path, image, form }: AskedPin,
  { unit, published }: PinningUnit,
  pinnable: readonly PinnableUnit[],
): PinAnswer {
  const recorded = recordedPins({ unit, published }, chart.name);
  const said = recorded?.find(({ artifact }) => artifact === image);
  const found = findPinnable(image, pinnable);
  const artifact = found?.spec.artifacts.find(({ name }) => name === image);
  const today = found?.version;
  const version = said?.version ?? today ?? "";
  const digest = said?.digest ?? (found && knownDigest(found, image));
  const pin: PlannedPin = {
    path,
    form,
    artifact: image,
    version,
    repository: artifact?.ociRepository ?? "",
    tag: artifact ? versionTag(artifact, version, found?.spec.tags.prefix ?? "") : "",
    digest,
  };
  if (recorded === undefined && digest === undefined && found?.inRun !== true) {
    return { pin, mistake: notThere({ chart, path, image, form }, unit, found) };
  }
  const isPublished = published.release?.owner === `${unit.name}@${unit.version.version}`;
  const isOlder = said !== undefined && found?.inRun === true && said.version !== today;
  return isOlder && isPublished
    ? { pin, notice: stays(`${chart.name} ${unit.version.version}`, said, today ?? "") }
    : { pin };
}

/**
 * The digest of an image that is published, as decide() (plan/artifact/adoption.ts) will adopt it: under its version tag, or in the record of
 * the published Release. Of a unit that is not in this run, both must say the same, and a signed unit's record must be signed: nothing else is
 * decided about such an image.
 */
function knownDigest({ name, spec, version, published, inRun }: PinnableUnit, image: string): string | undefined {
  const tagged = published?.artifacts[image]?.digest;
  const release = published?.release?.owner === `${name}@${version}` ? published.release : undefined;
  const recorded = release?.record?.artifacts[image]?.digest;
  if (inRun) {
    return tagged ?? recorded;
  }
  const isProved = spec.signing === "off" || release?.signed === true;
  return isProved && tagged === recorded ? tagged : undefined;
}

function stays(chart: string, { artifact, version }: PinRecord, today: string): string {
  return `${chart} is published with ${artifact} ${version} and stays as it is. The chart's next version will have ${artifact} ${today}.`;
}

function notThere({ chart, path, image }: AskedPin, unit: UnitPlan, found: PinnableUnit | undefined): Mistake {
  const { name = image, version, spec } = found ?? {};
  const unproved =
    spec?.signing === "off" ? "its version tag and its record differ" : "it has no signed record of its version tag";
  return {
    path: unit.spec.chart
      ? writeKeyPath(["charts", "pins", unit.spec.chart.name, path])
      : `${unit.name}: ${writeKeyPath([...chart.place, "pins", path])}`,
    value: image,
    reason:
      version === undefined
        ? `is not released in this run, and ${name} has no published stable version to pin`
        : `is not released in this run, and ${name} ${version} cannot be pinned: ${unproved}`,
    example: `a release of ${name} first, or ${image} in the same unit as the chart`,
  };
}
