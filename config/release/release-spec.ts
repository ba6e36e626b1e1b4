import { z } from "zod";
import { joinArtifacts } from "../artifact/artifact-kinds.ts";
import type { Artifact, ArtifactLists } from "../artifact/artifact-kinds.ts";
import { nameCharts } from "../artifact/chart-names.ts";
import { ChartSet } from "./chart-set.ts";
import type { SetChart } from "./chart-set.ts";
import { Lane } from "./lane.ts";
import { GitHubRepository } from "../names.ts";
import { Packages } from "./packages.ts";
import { GitHubAttestations, Sigstore } from "./signing.ts";
import { Unit } from "./unit.ts";

/** All that a stack's configuration says, in the long form: a list of units. */
export const ReleaseSpec = z.strictObject({
  /** The GitHub repository that gets git tags and Releases. */
  repository: GitHubRepository,
  /**
   * The folder of the user's repository, relative to the folder of Pulumi.yaml: every path of the configuration is below it. Default `.`.
   * It may have `..`, because Lockstep often stands in a folder of its own.
   */
  workspace: z
    .string()
    .refine((path) => path !== "" && !path.startsWith("/"), {
      error: "must be a relative path: an absolute one would differ from machine to machine",
    })
    .default(".")
    .meta({ example: ".." }),
  lane: Lane.default({ accepts: "stable" }),
  sigstore: Sigstore.default({}).meta({ example: '{"trustedRoot": "deploy/trusted_root.json"}' }),
  packages: Packages.default({ registry: "ghcr.io" }).meta({ example: '{"registry": "ghcr.io"}' }),
  githubAttestations: GitHubAttestations.default("auto").meta({ example: "auto" }),
  charts: ChartSet.optional().meta({
    example: '{"path": "charts/*", "signing": {"workflow": "acme/widgets/.github/workflows/release.yml"}}',
  }),
  /** At least one, unless there is a chart set. */
  units: z
    .array(Unit)
    .meta({ example: '[{"name": "app", "images": [{"repository": "ghcr.io/acme/app"}], "signing": "off"}]' }),
});

/** A project's configuration in the long form. */
export type ReleaseSpec = z.output<typeof ReleaseSpec>;

/** A unit with its artifacts of every kind in one list. */
export type ReadUnit = Omit<Unit, keyof ArtifactLists> & {
  artifacts: Artifact[];
  /** The chart of the chart set that it was made for; left out for a unit that stands in the configuration. */
  chart?: SetChart;
};

/** A project's configuration as everything after config/ sees it. */
export type ReadProject = Omit<ReleaseSpec, "units"> & { units: ReadUnit[] };

/** Joins the artifacts of each unit to one list. */
export function readProject({ units, ...project }: ReleaseSpec): ReadProject {
  return { ...project, units: nameCharts(units.map((unit) => joinArtifacts(unit))) };
}

/** Keys of a unit that may stand at the top level: the short form of a project with one unit. */
export const unitKeys: readonly string[] = Object.keys(Unit.shape);

/** Keys of the top level, in the long form. */
export const projectKeys: readonly string[] = Object.keys(ReleaseSpec.shape);
