import type { Kind } from "../../config/artifact/artifact-kinds.ts";
import type { PublishedArtifact } from "../../observe/published/artifact.ts";
import type { PackedFile } from "../../observe/source/artifact/artifact-files.ts";
import type { HubFile } from "../../observe/source/artifact/hub-file.ts";
import type { SbomFile } from "../../observe/source/artifact/sbom.ts";
import type { Decision } from "./adoption.ts";
import type { PinnedChart } from "./pinned-chart.ts";

/** What is known of every artifact before its own kind has planned it. */
export interface CommonPlan {
  name: string;
  /** With its registry, without a tag. */
  ociRepository: string;
  /** The version tag: written last, never moved. */
  tag: string;
  /**
   * sha256 of what decides the build, hex: what the configuration says of it, or the files themselves. Empty for files that are known only
   * after the push of something else.
   */
  buildInputs: string;
  /** sha256 of the files that it is made of on this machine; empty for a kind that is not made of files, and for files that are not known yet. */
  sourceHash: string;
  /** The SBOM that is attested beside the provenance, its path relative to the folder of Pulumi.yaml; undefined for none. */
  sbom: SbomFile | undefined;
  /** Predicate types that the record promises; undefined if it says nothing: unsigned, or published before they were recorded. */
  attestations: readonly string[] | undefined;
  decision: Decision;
}

/** What the plan of every artifact has, whatever its kind. */
export interface PlannedArtifact extends CommonPlan {
  kind: Kind;
  /** What provenance says of the build beside commit and build inputs: the configuration's own words. */
  parameters: Readonly<Record<string, unknown>>;
}

/** What an artifact's plan is made from beside its configuration. */
export interface ArtifactContext {
  version: string;
  /** SPDX expression; undefined if none is configured. */
  license: string | undefined;
  /** Folder of the user's repository, relative to the folder of Pulumi.yaml. */
  workspace: string;
  /** Address of the repository for people. */
  source: string;
  /** Full commit id. */
  revision: string;
  /** Seconds since 1970. */
  commitTime: number;
  /** False in a preview of a dirty work tree: what would be built is not what a release would build. */
  buildOnPreview: boolean;
  /** What its repository says of itself at Artifact Hub, path below the workspace. Default: nothing. */
  hubFile?: HubFile | undefined;
  /** What is published already and is adopted; undefined for what is going to be built. */
  adopted: PublishedArtifact | undefined;
  /** What is written into a chart's files. Default: nothing. */
  pinned?: PinnedChart | undefined;
}

/** How one kind of artifact is planned. */
export interface ArtifactPlanner<W, P extends PlannedArtifact> {
  /**
   * Whether what is published depends on the commit that it was built from. If not, a version may have been published at an earlier commit:
   * it stays right as long as its content is the same.
   */
  dependsOnCommit: boolean;
  /**
   * The tag of a version.
   * @param prefix what the unit's configuration has before the version in tags
   */
  tag(version: string, prefix: string): string;
  /** Name of the Release's file that the artifact is packed in; undefined for a kind that has none. */
  packageName(written: W, version: string): string | undefined;
  /**
   * sha256, hex, of what decides the bytes that come out, together with the commit.
   * @param sourceHash sha256 of the files that it is made of; a kind that is built from a commit does not need it
   */
  buildInputs(written: W, sourceHash: string): string;
  /**
   * How a published artifact's content differs from that of the workspace, a line each, whoever published it. Left out for a kind whose
   * content is not known before it is built.
   * @param packed what the workspace has, packed
   */
  differences?(published: PublishedArtifact, packed: PackedFile): string[];
  /** Adds to what every plan has what this kind needs. */
  plan(common: CommonPlan, written: W, context: ArtifactContext): P;
}
