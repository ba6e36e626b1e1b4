import { chartIn, lineageName } from "../../formats/release/attestation-lineage.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { UnitPlan } from "../project/project.ts";

/** A chart whose attestation lineage is a file of the Release. */
export interface LineagePlan {
  /** Name of the artifact. */
  artifact: string;
  /** Name of the file. */
  name: string;
}

/**
 * The charts of a unit that get a lineage: all of them if the unit's configuration asks for it. A version that is published keeps what its record
 * says, whatever the configuration says by now.
 * @param unitVersion `app@1.2.3`
 * @param assets the Release's other files: a file of the workspace may have such a name
 */
export function planLineages(
  { spec }: Pick<UnitPlan, "spec">,
  unitVersion: string,
  { release }: Pick<PublishedUnit, "release">,
  assets: readonly { name: string }[],
): LineagePlan[] {
  const record = release?.owner === unitVersion ? release.record : undefined;
  return spec.artifacts
    .filter(({ kind }) => kind === "chart")
    .map(({ name, ociRepository }) => ({ artifact: name, name: lineageName(chartIn(ociRepository)) }))
    .filter(({ name }) => (record === undefined ? spec.lineage : Object.hasOwn(record.assets, name)))
    .filter(({ name }) => !assets.some((asset) => asset.name === name));
}
