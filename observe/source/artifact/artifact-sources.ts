import type { Artifact, Kind, OutlinedArtifact, Written } from "../../../config/artifact/artifact-kinds.ts";
import type { Lenient } from "../../../config/lenient.ts";
import type { Observed } from "../workspace/observed.ts";
import type { ArtifactFiles, ArtifactSource } from "./artifact-files.ts";
import { chartSource } from "./chart.ts";
import { imageSource } from "./image.ts";

/** How each kind of artifact is found in the workspace. */
const artifactSources: { [K in Kind]: ArtifactSource<Lenient<Written<K>>, Written<K>> } = {
  image: imageSource,
  chart: chartSource,
};

/** Checks the files of one artifact. */
export function checkArtifact<K extends Kind>(
  workspace: string,
  { kind, written }: OutlinedArtifact<K>,
  at: (key: string) => string,
): Promise<Observed<ArtifactFiles>> {
  return artifactSources[kind].check(workspace, written, at);
}

/** sha256 of the files that each artifact is made of, by the artifact's name. */
export async function sourceHashes(workspace: string, artifacts: readonly Artifact[]): Promise<Record<string, string>> {
  const hashes = await Promise.all(artifacts.map((artifact) => hashOf(workspace, artifact)));
  return Object.fromEntries(artifacts.map(({ name }, index) => [name, hashes[index] ?? ""]));
}

function hashOf<K extends Kind>(workspace: string, { kind, written }: Artifact<K>): Promise<string> {
  return artifactSources[kind].hash(workspace, written);
}
