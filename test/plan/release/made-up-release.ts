import { labelKeys } from "../../../formats/artifact/labels.ts";
import type { HashedAsset } from "../../../observe/source/assets.ts";
import type { PublishedUnit } from "../../../observe/published/unit.ts";
import { planRelease } from "../../../plan/release/release.ts";
import type { ReleasePlan } from "../../../plan/release/release.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { commit, digest, nothing, plannedProject } from "../made-up-project.ts";
import type { Difference } from "../made-up-project.ts";

const web = "https://github.com";
/** sha256 of the image's source files. */
export const sourceHash = "5".repeat(64);
/** A file that the unit attaches. */
export const asset: HashedAsset = {
  name: "install.yaml",
  path: "deploy/install.yaml",
  sha256: "d".repeat(64),
  size: 7,
};

/** The plan of `widgets@1.2.3`, through planProject(). */
export function planned(
  published: PublishedUnit = nothing,
  {
    difference = {},
    assets = [],
    before,
  }: { difference?: Difference; assets?: HashedAsset[]; before?: UnitOutputs } = {},
): ReleasePlan {
  const project = plannedProject(difference);
  const [unit] = project.units;
  if (!unit) {
    throw new Error("no unit was planned");
  }
  return planRelease({ project, unit, published, assets, sourceHashes: { widgets: sourceHash }, web, before });
}

/** The platforms of the image. */
export const children = [
  { platform: "linux/amd64", digest: digest("1") },
  { platform: "linux/arm64", digest: digest("2") },
];

/** The image is in the registry, and its version tag is gone. */
export const lost = { [digest("a")]: { digest: digest("a"), annotations: {}, children } };

/** The version tag of our image is there, with our labels. */
export function tagged(): PublishedUnit["artifacts"] {
  const { artifacts } = planned();
  const annotations = { [labelKeys.revision]: commit, [labelKeys.buildInputs]: artifacts[0]?.buildInputs ?? "" };
  return { widgets: { digest: digest("a"), annotations, children } };
}
