import { z } from "zod";
import { isGitRefName, isVersion } from "../../formats/release/tag-pattern.ts";
import { ChartDependencies, ChartFolder, Pins } from "../artifact/chart.ts";
import { Name, OciRepository, WorkspacePath } from "../names.ts";
import { Signing } from "./signing.ts";

/** What stands for the chart's name in the templates of a chart set. */
export const namePlace = "{name}";

/** A set of Helm charts: each folder with a Chart.yaml is a unit of its own, with its own version, git tag and Release. */
export const ChartSet = z.strictObject({
  /**
   * Folders of charts below the workspace, or globs that match them: one, or a list. Matched folders without a Chart.yaml are no charts, and
   * neither are folders inside of a chart.
   */
  path: z
    .union([ChartFolder, z.array(ChartFolder).min(1, { error: "must name at least one folder" })], {
      error: "must be a folder or a glob, or a list of them",
    })
    .transform((path) => (typeof path === "string" ? [path] : path))
    .meta({ example: "charts/*" }),
  /**
   * Where each chart is pushed, with its registry and without a tag. It ends with `/{name}`, because helm asks for the chart's name there.
   * Default: `charts/{name}` of the owner of the GitHub repository, in the registry of `packages`.
   */
  repository: z
    .string()
    .superRefine((template, context) => {
      const say = (message: string) => context.addIssue({ code: "custom", message });
      if (!template.endsWith(`/${namePlace}`) || template.split(namePlace).length !== 2) {
        say("must have `{name}` as its last part, and nowhere else: each chart has a repository of its own");
        return;
      }
      const { error } = OciRepository.safeParse(template.replace(namePlace, "app"));
      for (const { message } of error?.issues ?? []) {
        say(message);
      }
    })
    .optional()
    .meta({ example: "ghcr.io/acme/charts/{name}" }),
  /** The git tag of each chart. `{name}` is the chart's name, `{version}` its version. Default `{name}-v{version}`. */
  tag: z
    .string()
    .refine((pattern) => pattern.split("{version}").length === 2, { error: "must have `{version}` in it, once" })
    .refine((pattern) => isGitRefName(pattern.replaceAll(namePlace, "app").replace("{version}", "1.0.0")), {
      error: "makes no valid git tag name",
    })
    .default("{name}-v{version}")
    .meta({ example: "charts/{name}/{version}" }),
  /**
   * Versions that other tools published, by chart: a chart that still has this version is listed and left alone. An entry is without effect
   * from the chart's next version on. Default none.
   */
  before: z
    .record(z.string(), z.string().refine(isVersion, { error: "is not a semantic version (semver.org)" }))
    .default({})
    .meta({ example: '{"app": "1.2.3"}' }),
  /** By chart: the values that name images, as in a unit's `charts`. Default none. */
  pins: z
    .record(z.string(), Pins)
    .optional()
    .meta({ example: '{"widgets": {"image.digest": {"image": "app", "form": "digest"}}}' }),
  /** By chart: the image whose version replaces the `appVersion` of Chart.yaml, as in a unit's `charts`. Default: Chart.yaml's own. */
  appVersion: z.record(z.string(), Name).optional().meta({ example: '{"widgets": "app"}' }),
  /** Whether the stable Releases of the charts may become GitHub's "Latest". Default no. */
  latest: z.boolean().default(false).meta({ example: "true" }),
  /**
   * The metadata for Artifact Hub, as a file in the folder of each chart: each chart is a repository of its own there. A chart without this file
   * is left out. Default: none.
   */
  artifactHub: WorkspacePath.optional().meta({ example: "artifacthub-repo.yml" }),
  /** `build`: helm brings the dependencies of each chart, as in a unit. Default: they lie in charts/ already. */
  dependencies: ChartDependencies.optional(),
  /** SPDX expression for all charts, as in a unit. Default none. */
  license: z.string().min(1, { error: "must not be empty" }).optional().meta({ example: "Apache-2.0" }),
  signing: Signing,
});

/** A set of Helm charts as written by the user, with the defaults filled in. */
export type ChartSet = z.output<typeof ChartSet>;

/**
 * The chart that a unit was made for. The unit's Release attaches the documents of the chart's folder (formats/release/document-names.ts), and
 * its notes come from the chart: from its git tag, its CHANGELOG.md or its Chart.yaml.
 */
export interface SetChart {
  /** The chart's name. Its unit may have another (config/artifact/chart-names.ts). */
  name: string;
  /** The chart's folder below the workspace, without a slash at its end. */
  folder: string;
  /** Whether its stable Releases may become GitHub's "Latest". */
  latest: boolean;
}

/** How many units stand in the configuration itself. The tags of those never depend on the charts that are found. */
export function countWritten(units: readonly { chart?: SetChart }[]): number {
  return units.filter(({ chart }) => chart === undefined).length;
}
