import type { Observed } from "../workspace/observed.ts";
import type { HubFile } from "./hub-file.ts";
import type { SbomFile } from "./sbom.ts";

/** Files of one artifact that are known before the run. */
export interface ArtifactFiles {
  /** The SBOM to attest; undefined if none is configured. */
  sbom: SbomFile | undefined;
  /** The file that is pushed as a whole, and attached to the Release; left out for a kind that is built in the run. */
  packed?: PackedFile;
  /** What the artifact says of itself to people; left out for a kind that says nothing. */
  words?: ArtifactWords;
  /** What the artifact's repository says of itself at Artifact Hub; left out if nothing is configured. */
  hubFile?: HubFile;
}

/** What an artifact's own files say of it. */
export interface ArtifactWords {
  /** What has changed in its version, as Markdown; undefined if they do not say it. */
  changes: string | undefined;
  /** Things about these files that a person should know, a sentence each. */
  remarks: readonly string[];
  /** False for a library, which only serves other artifacts. */
  installable: boolean;
  /** References of the images that Artifact Hub shows for it. Left out if they name none. */
  images?: readonly string[];
}

/** A file that is packed from the workspace, the same way each time. It is not on disk. */
export interface PackedFile {
  /** Its name on the Release. `{version}` in it stands for the version of the unit, if that is written into the file. */
  name: string;
  /** How it is packed. */
  packs: "chart";
  /** What is packed: a path below the workspace. */
  path: string;
  /** Hex, 64 digits. */
  sha256: string;
  /** In bytes. */
  size: number;
  /** The version that is written in it; undefined if that of the unit is written into it. */
  version: string | undefined;
  /** Where that is written, for messages. */
  versionAt: string;
  /** What a published version is compared with. */
  content: PackedContent;
}

/** What a package is made of, and what its manifest says of it. */
export interface PackedContent {
  /** The digest of the config that its manifest names. */
  config: string;
  /** The address that it names as its source by itself; undefined if it leaves that to the release. */
  source: string | undefined;
  /** sha256 of each file in the package, hex, by its path. */
  files: Readonly<Record<string, string>>;
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
