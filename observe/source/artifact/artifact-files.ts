import type { Observed } from "../workspace/observed.ts";
import type { SbomFile } from "./sbom.ts";

/** Files of the workspace that belong to one artifact beside what it is built from. */
export interface ArtifactFiles {
  /** The SBOM to attest; undefined if none is configured. */
  sbom: SbomFile | undefined;
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
