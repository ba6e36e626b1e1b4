import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { chartSource } from "../../../observe/source/artifact/chart.ts";
import type { ArtifactFiles } from "../../../observe/source/artifact/artifact-files.ts";

/** The chart of a chart set: its folder below the workspace, its version and its repository. */
export const laneChart = { folder: "charts/widgets", version: "1.2.3", repository: "ghcr.io/acme/charts/widgets" };

const texts = {
  "Chart.yaml": `apiVersion: v2\nname: widgets\nversion: ${laneChart.version}\n`,
  "templates/app.yaml": "kind: ConfigMap\n",
};

let observed: ArtifactFiles | undefined;

/** Writes the chart into this process's folder, and has the product observe it: it is the same in every schedule. */
export async function writeLaneChart(): Promise<void> {
  const { folder: path, repository } = laneChart;
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(`${path}/${name}`), { recursive: true });
    await writeFile(`${path}/${name}`, text);
  }
  const { found, mistakes } = await chartSource.check(".", { path, repository }, (key) => key);
  if (mistakes.length > 0) {
    throw new Error(JSON.stringify(mistakes));
  }
  observed = found;
}

/**
 * What the product observed of the chart.
 * @throws Error before it was written
 */
export function laneChartFiles(): ArtifactFiles & Required<Pick<ArtifactFiles, "packed">> {
  const { packed, ...others } = observed ?? { sbom: undefined };
  if (packed === undefined) {
    throw new Error("the chart was not written");
  }
  return { ...others, packed };
}
