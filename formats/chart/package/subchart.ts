import { z } from "zod";
import type { ChartMistake } from "../chart-mistake.ts";
import { wordIssues } from "../chart-mistake.ts";
import { RawText } from "../chart-text.ts";
import { readVersion } from "../helm/helm-version.ts";
import { readHelmYaml } from "../helm/helm-yaml.ts";
import { readText } from "./chart-file.ts";
import type { ChartFile } from "./chart-file.ts";

/** A chart in charts/, as its own Chart.yaml names it. Mostly it is someone else's, so that no more of it is checked. */
export const Subchart = z.object(
  {
    name: RawText.refine((name) => /^[^._/\\][^/\\]*$/.test(name) && !name.endsWith(".tgz"), {
      error: "cannot be the name of a folder in charts/",
    }),
    version: RawText.refine((version) => readVersion(version) !== undefined, { error: "is not a version to helm" }),
  },
  { error: "must be a map of keys and values" },
);

/** A chart in charts/, as its own Chart.yaml names it. */
export type Subchart = z.output<typeof Subchart>;

/**
 * Reads which chart a folder or an archive in charts/ is.
 * @param files with paths below it
 */
export function readSubchart(files: readonly ChartFile[]): {
  subchart: Subchart | undefined;
  mistakes: ChartMistake[];
} {
  const path = "Chart.yaml";
  const wrong = (reason: string) => {
    const mistake = { path, reason, example: "a chart as `helm dependency build` puts it there" };
    return { subchart: undefined, mistakes: [mistake] };
  };
  const file = files.find((one) => one.path === path);
  if (file === undefined) {
    return wrong("does not exist, and helm packages only charts in charts/");
  }
  const text = readText(file.bytes);
  if (text === undefined) {
    return wrong("is not UTF-8");
  }
  const read = readHelmYaml(text);
  if ("unreadable" in read) {
    return wrong(`cannot be read as YAML: ${read.unreadable}`);
  }
  const { data, error } = Subchart.safeParse(read.value);
  return { subchart: data, mistakes: error ? wordIssues(path, read.value, error, examples) : [] };
}

const examples = { name: "`name: redis`", version: '`version: "20.1.0"`' };
