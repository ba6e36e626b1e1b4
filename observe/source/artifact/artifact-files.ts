import type { Observed } from "../workspace/observed.ts";
import type { SbomFile } from "./sbom.ts";

/** Files of one artifact that are known before the run. */
export interface ArtifactFiles {
  /** The SBOM to attest; undefined if none is configured. */
  sbom: SbomFile | undefined;
  /** The file that is pushed as a whole, and attached to the Release; left out for a kind that is built in the run. */
  packed?: PackedFile;
}

/** A file that is packed from the workspace, the same way each time. It is not on disk. */
export interface PackedFile {
  /** Its name on the Release. */
  name: string;
  /** How it is packed. */
  packs: "chart";
  /** What is packed: a path below the workspace. */
  path: string;
  /** Hex, 64 digits. */
  sha256: string;
  /** In bytes. */
  size: number;
  /** The version that is written in it. */
  version: string;
  /** Where that is written, for messages. */
  versionAt: string;
}

/** How one kind of artifact is found in the workspace. `Written` is its configuration. */
export interface ArtifactSource<Readable, Written> {
  /**
   * Checks that everything the artifact is made of is there.
   * @param written its configuration as far as it can be read
   * @param at a place in the artifact's configuration, for messages
   */
  check(workspace: string, written: Readable, at: (key: string) => string): Promise<Observed<ArtifactFiles>>;
  /** sha256 of the files that it is made of, hex; empty for a kind that is not made of files. */
  hash(workspace: string, written: Written): Promise<string>;
}
