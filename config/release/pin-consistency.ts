import type { Mistake } from "../../errors/configuration-error.ts";
import type { OutlinedArtifact } from "../artifact/artifact-kinds.ts";
import type { Outline } from "./outline.ts";

/** A name of an image in a chart's configuration. */
interface NamedImage {
  name: string;
  path: PropertyKey[];
}

/**
 * Finds mistakes in what charts pin: names that are not images of the project, an `appVersion` whose version no record would have, and units
 * that would wait for each other.
 * @param pathOf a place in the configuration as the user wrote it
 */
export function pinMistakes({ units }: Outline, pathOf: (path: readonly PropertyKey[]) => string): Mistake[] {
  const images = units.flatMap(({ artifacts }, unit) =>
    artifacts.flatMap(({ kind, name }) => (kind === "image" ? [{ name, unit }] : [])),
  );
  const names = images.flatMap(({ name }) => name ?? []);
  const unitOf = (name: string): number | undefined => images.find((image) => image.name === name)?.unit;
  // A name that cannot be read is a mistake of its own, and may be the one that is asked for.
  const isUnknown = (name: string): boolean => !names.includes(name) && names.length === images.length;
  const example = names.length > 0 ? `one of ${names.join(", ")}` : "an image under `images`";

  return units.flatMap(({ artifacts }, unit) =>
    artifacts.flatMap((artifact) => {
      const { pins, version } = namedImages(artifact, ["units", unit, ...artifact.place]);
      const unknown = [...pins, ...version]
        .filter(({ name }) => isUnknown(name))
        .map(({ name, path }) => ({
          path: pathOf(path),
          value: name,
          reason: "is not an image of this project",
          example,
        }));
      const unpinned = version
        .filter(({ name }) => !isUnknown(name) && unitOf(name) !== unit && !pins.some((pin) => pin.name === name))
        .map(({ name, path }) => ({
          path: pathOf(path),
          value: name,
          reason: "is an image of another unit that the chart does not pin, so that no record would have its version",
          example: `a pin of ${name} under \`pins\`, of any form`,
        }));
      const circular = pins
        .filter(({ name }) => waitsFor(unitOf(name), unit))
        .map(({ name, path }) => ({
          path: pathOf(path),
          value: name,
          reason: "is an image of a unit whose own chart pins an image of this unit: each would wait for the other",
          example: "images and charts that belong together in one unit",
        }));
      return [...unknown, ...unpinned, ...circular];
    }),
  );

  /** Whether a unit pins, itself or by the units that it pins, an image of another unit. */
  function waitsFor(unit: number | undefined, other: number, seen: readonly number[] = []): boolean {
    if (unit === undefined || unit === other || seen.includes(unit)) {
      return false;
    }
    const pinned = (units[unit]?.artifacts ?? []).flatMap((artifact) => namedImages(artifact, []).pins);
    return pinned.some(({ name }) => unitOf(name) === other || waitsFor(unitOf(name), other, [...seen, unit]));
  }
}

function namedImages(artifact: OutlinedArtifact, at: PropertyKey[]): { pins: NamedImage[]; version: NamedImage[] } {
  if (artifact.kind !== "chart") {
    return { pins: [], version: [] };
  }
  const { pins = {}, appVersion } = artifact.written;
  return {
    pins: Object.entries(pins).flatMap(([path, pin]) =>
      pin?.image === undefined ? [] : [{ name: pin.image, path: [...at, "pins", path, "image"] }],
    ),
    version: appVersion === undefined ? [] : [{ name: appVersion, path: [...at, "appVersion"] }],
  };
}
