import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import type { ChartFile } from "../../../../formats/chart/package/chart-file.ts";

/** A file with a text. Default: its own path. */
export function fileWith(path: string, text = path): ChartFile {
  return { path, bytes: Buffer.from(text) };
}

/** The files of a small chart, below a folder: Chart.yaml and one template. */
export function smallChart(folder: string, name: string, version = "1.0.0"): ChartFile[] {
  return [
    fileWith(`${folder}Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: ${version}\n`),
    fileWith(`${folder}templates/${name}.yaml`, `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`),
  ];
}

/** An archive of a small chart in charts/, as `helm dependency build` leaves it there, with further files in it. */
export async function vendoredArchive(
  name: string,
  version: string,
  more: readonly ChartFile[] = [],
): Promise<ChartFile> {
  const bytes = await packChart(name, [...smallChart("", name, version), ...more]);
  return { path: `charts/${name}-${version}.tgz`, bytes };
}
