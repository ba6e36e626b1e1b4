import type * as pulumi from "@pulumi/pulumi";
import type { PlannedArtifact } from "../../plan/artifact/planned-artifact.ts";
import type { ChartEditInputs } from "../../providers/artifact/chart-edit-inputs.ts";
import type { ReleaseInputs } from "../../providers/release/release-inputs.ts";
import type { GraphInputs } from "../dynamic-resource.ts";

/** An artifact in the graph, as the release train sees it: the face that every kind shows. */
export interface ArtifactFace {
  /** What everything after the push is about. */
  digest: pulumi.Input<string>;
  /** Resources that must be there before any version tag of the unit; none for an adopted artifact. */
  resources: pulumi.Resource[];
  /** Manifests below the digest that are signed as well: the platforms of an image. Default none. */
  children?: readonly { platform: string; digest: pulumi.Input<string> }[];
  /** Files that the artifact adds to the Release, known only when it is made. Default none. */
  assets?: readonly MadeAsset[];
  /** Declares what follows the public Release and belongs to no version. Default: nothing. */
  afterRelease?: (options: ArtifactOptions) => pulumi.Resource[];
  /** What the plan could not know, because the artifact is packaged in the run. Default: the plan's own. */
  made?: Made;
  /** The images in a chart, as the record will say it. Default none. */
  pins?: GraphInputs<ReleaseInputs["artifacts"][string]["pins"]>;
  /** Names of the artifacts whose version tags must be there before its own. Default none. */
  pinned?: readonly string[];
}

/** What is known of an artifact once it is packaged (PlannedArtifact has the meanings). */
export interface Made {
  buildInputs: pulumi.Input<string>;
  sourceHash: pulumi.Input<string>;
}

/** An artifact that a chart of the same run may pin. */
export interface PinnableArtifact {
  digest: pulumi.Input<string>;
  /** Its version tag, if it belongs to another unit: nothing of a unit may name what another unit has not tagged. */
  tagged: pulumi.Resource | undefined;
}

/** The artifacts of this run that are declared already, by name. */
export type PinnableArtifacts = ReadonlyMap<string, PinnableArtifact>;

/** A file that is made in the run and attached to the Release. */
export interface MadeAsset {
  name: string;
  from: {
    /** Relative to the folder of Pulumi.yaml. The file must be there when the Release is made. */
    path: pulumi.Input<string>;
    /** Hex, 64 digits. */
    sha256: pulumi.Input<string>;
    /** In bytes. */
    size: pulumi.Input<number>;
    /** How it is made of `path`, and what is written into it. Default: it is there as it is. */
    packs?: "chart";
  } & GraphInputs<ChartEditInputs>;
}

/** Options for every resource of an artifact. */
export interface ArtifactOptions {
  parent: pulumi.Resource;
  /** What they wait for. Default nothing. */
  dependsOn?: pulumi.Resource[];
}

/** An artifact as the stops of a train see it: its plan, its face, and what became known in between. */
export type DeclaredArtifact = Omit<PlannedArtifact, keyof Made> & Omit<ArtifactFace, "made"> & Made;

/** Joins the plan of an artifact with its face. */
export function joinFace(plan: PlannedArtifact, { made, ...face }: ArtifactFace): DeclaredArtifact {
  return { ...plan, ...face, ...made };
}
