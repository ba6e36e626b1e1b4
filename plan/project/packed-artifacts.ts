import type { ReadUnit } from "../../config/release/release-spec.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import { chartIn, lineageName } from "../../formats/release/attestation-lineage.ts";
import { signatureNames } from "../../formats/release/file-signature.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import type { UnitFiles } from "../../observe/source/files.ts";
import type { VersionPlan } from "./version.ts";

/** The name of a packed file on the Release of a version. */
export function nameOfPacked({ name }: Pick<PackedFile, "name">, version: string): string {
  return name.replace("{version}", version);
}

/**
 * Compares artifacts that carry a version of their own with the version that is released, and the names of their packages and lineages with
 * those of the unit's other files.
 * @param at a place in the unit as its user wrote it
 */
export function packedMistakes(
  { artifacts, lineage }: ReadUnit,
  files: UnitFiles,
  { version, provisional }: VersionPlan,
  at: (path: readonly PropertyKey[]) => string,
): Mistake[] {
  const taken = files.assets.map(({ name, path }) => ({ name, whose: path }));
  return artifacts.flatMap(({ place, ociRepository }, index) => {
    const packed = files.artifacts[index]?.packed;
    if (packed === undefined) {
      return [];
    }
    const path = at([...place, "path"]);
    const mistakes: Mistake[] = [];
    if (packed.version !== undefined && packed.version !== version && !provisional) {
      const reason = `is not the version ${version} that is released: bump the version`;
      mistakes.push({ path: packed.versionAt, value: packed.version, reason, example: `\`version: ${version}\`` });
    }
    const made = {
      package: nameOfPacked(packed, version),
      ...(lineage ? { lineage: lineageName(chartIn(ociRepository)) } : {}),
    };
    for (const [what, file] of Object.entries(made)) {
      const own = [file, ...signatureNames(file)];
      const other = taken.find(({ name }) => own.some((one) => one.toLowerCase() === name.toLowerCase()));
      if (other) {
        const reason = `has the ${what} \`${file}\`, and ${other.whose} has the asset name \`${other.name}\``;
        mistakes.push({ path, value: packed.path, reason, example: "files with different names" });
      }
      taken.push(...own.map((name) => ({ name, whose: packed.path })));
    }
    return mistakes;
  });
}
