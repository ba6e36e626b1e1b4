import { registryOf } from "../formats/oci-names.ts";
import { tagName } from "../formats/tag-pattern.ts";
import type { InspectionQuestion } from "../observe/published/inspection.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { NamedUnit } from "./project.ts";
import { sigstoreOf } from "./release.ts";

/**
 * What the configuration says that a published version of a unit must be.
 * @param also registries that may be asked beside those of the configuration's images
 */
export function inspectionQuestion(
  spec: ReleaseSpec,
  { name, tagPattern, unit }: NamedUnit,
  version: string,
  also: readonly string[],
): InspectionQuestion {
  const repositories = spec.units.flatMap((one) => one.images.map(({ repository }) => repository));
  return {
    repository: spec.repository,
    unit: name,
    version,
    tag: tagName(tagPattern, version),
    signing: unit.signing,
    sigstore: sigstoreOf(spec),
    registries: [...repositories.map(registryOf), ...also.map((registry) => registry.toLowerCase())],
  };
}
