import { join } from "node:path";
import { packageChart } from "../../../packaging/packaged-chart.ts";
import { writeChart } from "./real-chart.ts";
import { realCharts } from "./real-charts.ts";

/**
 * A program of its own: checks the twelve charts out, packages them, and prints the digest of each as JSON.
 * Arguments: an empty folder, the umask (octal), the time of the files (RFC 3339), the level of archives in charts/ (1 to 9).
 */
const [folder = "", umask = "", time = "", level = ""] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const checkout = { time: new Date(time), level: Number(level) };
const digests: Record<string, unknown> = {};
for (const chart of await realCharts(checkout)) {
  const place = join(folder, chart.name);
  await writeChart(place, chart, checkout);
  const { chart: packaged, mistakes } = await packageChart(place);
  digests[chart.name] = packaged?.folderDigest ?? mistakes;
}
console.log(JSON.stringify(digests));
