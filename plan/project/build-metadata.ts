import { chartTag } from "../../formats/chart/chart-tag.ts";
import type { VersionPlan } from "./version.ts";

/**
 * Warns of versions with build metadata (`1.2.3+5`), which only a chart of a chart set may have: helm finds them, and other programs do not.
 * @returns one line for each such unit
 */
export function warnOfBuildMetadata(units: readonly { name: string; version: VersionPlan }[]): string[] {
  return units.flatMap(({ name, version: { version } }) =>
    version.includes("+")
      ? [
          `${name} ${version} has build metadata. Its OCI tag is \`${chartTag(version)}\`: \`helm --version ${version}\` finds it, but Flux, Argo CD and labels of Kubernetes may not accept it.`,
        ]
      : [],
  );
}
