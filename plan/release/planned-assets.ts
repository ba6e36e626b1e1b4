import { ReleaseError } from "../../errors/release-error.ts";
import type { ChartEdits } from "../../formats/chart/pin/chart-edits.ts";
import { chartIn, lineageName } from "../../formats/release/attestation-lineage.ts";
import { checksumsName } from "../../formats/release/checksums.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import type { HashedAsset } from "../../observe/source/assets.ts";
import { editsOf } from "../artifact/pinned-chart.ts";
import type { PinnedChart } from "../artifact/pinned-chart.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";
import type { RecordedRelease } from "../published/recorded-release.ts";

/** An asset of the Release: a file of the workspace, or what is packed from it. */
export interface AssetPlan {
  name: string;
  /**
   * `path` is relative to the folder of Pulumi.yaml, `sha256` hex, `size` in bytes. `packs` says how the file is packed from `path`, and
   * `pins` and `versions` what is written into it; left out for one that is there. Undefined for a file that an artifact makes in the run
   * (ArtifactFace), because its bytes are known only then.
   */
  from: ({ path: string; sha256: string; size: number; packs?: "chart" } & ChartEdits) | undefined;
  /** False for a file without a bundle in a unit that is signed: checksums.txt vouches for it. Left out for every other. */
  signed?: false;
}

/** What the assets of one Release are planned from. */
export interface AssetsQuestion {
  project: Pick<ProjectPlan, "workspace">;
  unit: Pick<UnitPlan, "files" | "spec" | "pinned">;
  /** The files that the configuration names. */
  assets: readonly HashedAsset[];
}

/**
 * The files of the workspace and the packages; behind them the documents, so that what is signed comes first.
 * @param past a Release that an earlier commit published: its files stay as its record has them. Default: none
 * @throws ReleaseError ASSET_CONFLICT if a file of that Release is gone, and the workspace has other bytes by now
 */
export function planAssets(question: AssetsQuestion, past?: RecordedRelease): AssetPlan[] {
  const planned = workspaceAssets(question);
  if (past === undefined) {
    return planned;
  }
  const { assets: recorded, artifacts, unsigned = [] } = past.record;
  const made = [checksumsName, ...Object.values(artifacts).map(({ repository }) => lineageName(chartIn(repository)))];
  const names = planned.map(({ name }) => name).filter((name) => Object.hasOwn(recorded, name));
  const others = Object.keys(recorded).filter((name) => !made.includes(name) && !names.includes(name));
  return [...names, ...others.toSorted()].map((name) => {
    const here = planned.find((asset) => asset.name === name);
    const signed = unsigned.includes(name) ? { signed: false as const } : {};
    if (here !== undefined && here.from === undefined) {
      return { name, from: undefined, ...signed };
    }
    const sha256 = recorded[name] ?? "";
    const size = here?.from?.sha256 === sha256 ? here.from.size : past.files[name];
    if (size === undefined) {
      throw lostAsset(name, past);
    }
    return { name, from: { ...(here?.from ?? { path: name }), sha256, size }, ...signed };
  });
}

function workspaceAssets({ project: { workspace }, unit, assets }: AssetsQuestion): AssetPlan[] {
  const { files = [], documents = [] } = Object.groupBy(assets, ({ signed }) =>
    signed === false ? "documents" : "files",
  );
  const place = ({ path, sha256, size }: Omit<HashedAsset, "name">) => ({
    path: workspacePath(workspace, path),
    sha256,
    size,
  });
  return [
    ...files.map((file) => ({ name: file.name, from: place(file) })),
    ...unit.spec.artifacts.flatMap(({ name }, at) =>
      planPackage(workspace, unit.files.artifacts[at]?.packed, unit.pinned?.[name]),
    ),
    ...documents.map((file) => ({ name: file.name, from: place(file), signed: false as const })),
  ];
}

function planPackage(workspace: string, packed: PackedFile | undefined, pinned: PinnedChart | undefined): AssetPlan[] {
  if (packed === undefined) {
    return pinned ? [{ name: pinned.packageName, from: undefined }] : [];
  }
  const { path, sha256, size, packs } = packed;
  const name = pinned?.packageName ?? packed.name;
  return [
    { name, from: { path: workspacePath(workspace, path), sha256, size, packs, ...(pinned && editsOf(pinned)) } },
  ];
}

function lostAsset(name: string, { url, record }: RecordedRelease): ReleaseError {
  return new ReleaseError({
    code: "ASSET_CONFLICT",
    step: `planning ${record.unit}@${record.version}`,
    reason: `${url} promises ${name} with sha256 ${record.assets[name]}, and it is not attached any more\nthe workspace does not have that file at this commit`,
    meaning:
      "A published file was removed. Attaching other bytes under its name would break the promise, so that is not done.",
    fix: `Release once more at the commit ${record.revision}, which has the file; or release the next version.`,
    rerun: "yes, nothing has happened; it will fail here until the file is attached again",
  });
}
