import { z } from "zod";
import type { Lenient } from "../lenient.ts";
import { artifactName } from "./artifact-name.ts";
import type { Addressed, OutlinedAddress } from "./artifact-name.ts";
import { Chart } from "./chart.ts";
import { Image } from "./image.ts";

/** The kinds of artifacts that a configuration may have. `list` is the key of a unit that holds them, and `schema` reads one of them. */
export const artifactKinds = {
  image: { list: "images", schema: Image },
  chart: { list: "charts", schema: Chart },
} as const;

/** The name of a kind, as it stands in plans and records. */
export type Kind = keyof typeof artifactKinds;

/** An artifact of one kind as its user wrote it, with the defaults filled in. */
export type Written<K extends Kind> = z.output<(typeof artifactKinds)[K]["schema"]>;

/** The keys of a unit that hold artifacts, one a kind. */
export const artifactLists = {
  images: z.array(Image).default([]).meta({ example: '[{"repository": "ghcr.io/acme/app"}]' }),
  charts: z
    .array(Chart)
    .default([])
    .meta({ example: '[{"path": "charts/app", "repository": "ghcr.io/acme/charts/app"}]' }),
} satisfies { [K in Kind as (typeof artifactKinds)[K]["list"]]: z.ZodType<Written<K>[]> };

/** The artifacts of a unit as its user wrote them, by the key that holds them. */
export type ArtifactLists = { [K in Kind as (typeof artifactKinds)[K]["list"]]: Written<K>[] };

/** One artifact of a unit. All that follows sees this face; `written` is for the artifact's own kind. */
export type Artifact<K extends Kind = Kind> = {
  [P in K]: {
    kind: P;
    /** Unique within the project. */
    name: string;
    /** Where it is pushed, with its registry and without a tag. */
    ociRepository: string;
    /** Its place in the unit, for messages: `["images", 0]`. */
    place: readonly PropertyKey[];
    written: Written<P>;
  };
}[K];

/** One artifact of a unit that may be wrong: what cannot be read is undefined. */
export type OutlinedArtifact<K extends Kind = Kind> = {
  [P in K]: {
    kind: P;
    name: string | undefined;
    ociRepository: string | undefined;
    place: readonly PropertyKey[];
    written: Lenient<Written<P>>;
  };
}[K];

/** Joins the artifacts of a unit to one list, kind by kind, in the order in which they are written. */
export function joinArtifacts<Unit extends ArtifactLists>({
  images,
  charts,
  ...unit
}: Unit): Omit<Unit, keyof ArtifactLists> & { artifacts: Artifact[] } {
  return { ...unit, artifacts: [...listed("image", images), ...listed("chart", charts)] };
}

/** Does the same for a unit that may be wrong. */
export function joinOutlinedArtifacts<Unit extends Lenient<ArtifactLists>>({
  images,
  charts,
  ...unit
}: Unit): Omit<Unit, keyof ArtifactLists> & { artifacts: OutlinedArtifact[] } {
  return {
    ...unit,
    artifacts: [
      ...outlined(
        "image",
        images?.map((image = {}) => image),
      ),
      ...outlined(
        "chart",
        charts?.map((chart = {}) => chart),
      ),
    ],
  };
}

function listed<K extends Kind>(kind: K, list: readonly (Written<K> & Addressed)[]): Artifact<K>[] {
  return list.map((written, index) => ({
    kind,
    name: artifactName(written),
    ociRepository: written.repository,
    place: [artifactKinds[kind].list, index],
    written,
  }));
}

function outlined<K extends Kind>(
  kind: K,
  list: readonly (Lenient<Written<K>> & OutlinedAddress)[] = [],
): OutlinedArtifact<K>[] {
  return list.map((written, index) => ({
    kind,
    name: artifactName(written),
    ociRepository: written.repository,
    place: [artifactKinds[kind].list, index],
    written,
  }));
}
