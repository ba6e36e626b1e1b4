import { chartIn, lineageName } from "../../formats/release/attestation-lineage.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { documentNames } from "../../formats/release/document-names.ts";
import { registryOf } from "../../formats/artifact/oci-names.ts";
import { tagName } from "../../formats/release/tag-pattern.ts";
import type { InspectionQuestion } from "../../observe/published/inspection/inspection.ts";
import type { Asset } from "../../config/release/asset.ts";
import type { ReadProject } from "../../config/release/release-spec.ts";
import { packageName, versionTag } from "../artifact/artifact-plan.ts";
import type { NamedUnit } from "../project/named-units.ts";
import { sigstoreOf } from "../release/release.ts";
import { signingOf } from "../release/signing.ts";
import { mayBeEarlier } from "../published/unit-commit.ts";

/** A version that is inspected. */
export interface InspectedVersion {
  version: string;
  /** Whether it must be as the configuration is now. */
  current: boolean;
}

/**
 * What the configuration says that a published version of a unit must be.
 * @param also registries that may be asked beside those of the configuration's images
 */
export function inspectionQuestion(
  spec: ReadProject,
  { name, tagPattern, unit }: NamedUnit,
  { version, current }: InspectedVersion,
  also: readonly string[],
): InspectionQuestion {
  const { artifacts, assets, tags } = unit;
  const repositories = spec.units.flatMap((one) => one.artifacts.map(({ ociRepository }) => ociRepository));
  const charts = artifacts.filter(({ kind }) => unit.lineage && kind === "chart");
  const files = [
    ...assets.map(namePattern),
    ...artifacts.flatMap((one) => packageName(one, version) ?? []),
    ...charts.map(({ ociRepository }) => lineageName(chartIn(ociRepository))),
  ];
  return {
    repository: spec.repository,
    unit: name,
    version,
    tag: tagName(tagPattern, version),
    signing: signingOf(unit.signing, version, spec.repository),
    sigstore: sigstoreOf(spec),
    ...(mayBeEarlier({ spec: unit }) ? { mayBeEarlier: true } : {}),
    content: {
      artifacts: Object.fromEntries(
        artifacts.map((artifact) => [
          artifact.name,
          { repository: artifact.ociRepository, tag: versionTag(artifact, version, tags.prefix) },
        ]),
      ),
      assets: files.length === 0 ? [] : [...files, checksumsName],
      ...(unit.chart && { documents: documentNames }),
    },
    current,
    registries: [...repositories.map(registryOf), ...also.map((registry) => registry.toLowerCase())],
  };
}

/** A glob's last part, as far as its slashes are outside of brackets: else it may be any name. */
function namePattern({ path, glob }: Asset): string {
  const last = (path ?? glob ?? "").split("/").at(-1) ?? "";
  const whole = ["{}", "[]", "()"].every(
    ([open = "", close = ""]) => last.split(open).length === last.split(close).length,
  );
  return whole ? last : "*";
}
