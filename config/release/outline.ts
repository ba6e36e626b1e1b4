import { joinOutlinedArtifacts } from "../artifact/artifact-kinds.ts";
import type { ArtifactLists, OutlinedArtifact } from "../artifact/artifact-kinds.ts";
import { lenient } from "../lenient.ts";
import type { Lenient } from "../lenient.ts";
import { ReleaseSpec } from "./release-spec.ts";
import type { Unit, UnitDocuments } from "./unit.ts";

/** The readable part of one unit. */
export type OutlinedUnit = Omit<Lenient<Unit>, keyof ArtifactLists> & {
  artifacts: OutlinedArtifact[];
} & UnitDocuments;

/**
 * What can be read of a configuration that may be wrong elsewhere. With it duplicates, missing files and versions outside the lane are found
 * in the same run as wrong values, so that the user can fix everything at once.
 */
export interface Outline {
  workspace: string;
  /** Versions that the lane accepts; undefined if that cannot be read. */
  accepts: string | undefined;
  units: OutlinedUnit[];
}

const readable = lenient(ReleaseSpec);

/** The readable part of a configuration in its long form. */
export function outlineOf(value: unknown): Outline {
  const { workspace = ".", lane, units = [] } = readable.parse(value) ?? {};
  return {
    workspace,
    accepts: lane?.accepts,
    units: units.map((unit = {}) => joinOutlinedArtifacts(unit)),
  };
}
