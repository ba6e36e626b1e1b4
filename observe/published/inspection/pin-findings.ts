import { writePin } from "../../../formats/chart/pin/pin-form.ts";
import { readPinPath } from "../../../formats/chart/pin/pin-path.ts";
import { readValue } from "../../../formats/chart/pin/splice.ts";
import type { ArtifactRecord, PinRecord, ReleaseRecord } from "../../../formats/release/release-record.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Of a value that is shown, in characters. */
const longest = 200;

/**
 * Compares the values of a published chart with the pins in its record. An image of the same record is compared whole, and its recorded digest
 * as well; of any other image the record has digest and version only, so that the name of its repository is not compared.
 * @param file what the values are in, for messages
 * @param values values.yaml of the package; undefined if it has none that is text
 */
export function comparePins(
  file: string,
  values: string | undefined,
  { pins = [] }: Pick<ArtifactRecord, "pins">,
  { artifacts }: Pick<ReleaseRecord, "artifacts">,
): Finding[] {
  return pins.flatMap((pin) => {
    const { path, form, artifact, version } = pin;
    const named = Object.hasOwn(artifacts, artifact) ? artifacts[artifact] : undefined;
    const image = named?.kind === "image" ? named : undefined;
    if (image === undefined && form === "repository") {
      return [];
    }
    const promise = `${file} names ${artifact} ${version} at ${path}, as ${form}`;
    const read = values === undefined ? { refused: "no values.yaml" } : readValue(values, readPinPath(path) ?? []);
    if ("refused" in read) {
      return [makeFinding(promise, false, read.refused)];
    }
    if (image && image.digest !== pin.digest) {
      return [makeFinding(promise, false, `${pin.digest} in the record, whose own ${artifact} is ${image.digest}`)];
    }
    const isNamed = image ? read.value === writePin(form, { ...image, digest: pin.digest }) : names(read.value, pin);
    return [makeFinding(promise, isNamed, read.value.slice(0, longest))];
  });
}

/** Whether a value names an image of which only version and digest are known. Its tag may have a prefix. */
function names(value: string, { form, version, digest }: PinRecord): boolean {
  const known = writePin(form, { repository: "", tag: version, digest });
  return form === "digest" || form === "hex" ? value === known : value.endsWith(known);
}
