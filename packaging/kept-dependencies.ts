import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { unpackChart } from "../formats/chart/package/chart-archive.ts";
import { packageLimit } from "../formats/chart/package/chart-file.ts";
import type { ChartFile } from "../formats/chart/package/chart-file.ts";
import { packChart } from "../formats/chart/package/chart-package.ts";
import type { UnbuiltChart } from "./chart-folder.ts";

/** How long the charts of a folder that is not released any more are kept, in milliseconds. */
const keptFor = 24 * 60 * 60 * 1000;

/**
 * Keeps what helm has brought for a chart, so that the providers of the same run, which are other processes, need not fetch it again. They
 * compare the package that they make with the planned one. Charts of other folders are removed after a day.
 * @param folder of the chart, relative to the current one
 * @param charts with paths that begin with `charts/`
 */
export async function keepDependencies(folder: string, charts: readonly ChartFile[]): Promise<void> {
  const place = await placeOf(folder);
  await mkdir(keptFolder(), { recursive: true, mode: 0o700 });
  await removeOld();
  if (charts.length === 0) {
    await rm(place, { force: true });
    return;
  }
  const own = `${place}.${randomUUID()}`;
  await writeFile(own, await packChart("kept", charts));
  await rename(own, place);
}

/**
 * Finds what was kept for a chart: for readChart().
 * @param folder as in keepDependencies()
 */
export function keptDependencies(
  folder: string,
): ({ files }: Pick<UnbuiltChart, "files">) => Promise<{ charts: ChartFile[]; mistakes: [] }> {
  return async ({ files }) => {
    const bytes = await readFile(await placeOf(folder)).catch(() => undefined);
    const kept = bytes && (await unpackChart(bytes, packageLimit));
    const own = files.filter(({ path }) => path.startsWith("charts/"));
    return { charts: kept === undefined || "unreadable" in kept ? own : kept, mistakes: [] };
  };
}

/** Beside the tools: one folder for all checkouts of a user. Source: XDG Base Directory Specification. */
function keptFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "lockstep", "charts");
}

async function placeOf(folder: string): Promise<string> {
  const name = createHash("sha256")
    .update(await realpath(folder))
    .digest("hex");
  return join(keptFolder(), `${name}.tgz`);
}

async function removeOld(): Promise<void> {
  const before = Date.now() - keptFor;
  for (const name of await readdir(keptFolder())) {
    const file = join(keptFolder(), name);
    // Another run may remove it at the same time.
    const found = await stat(file).catch(() => undefined);
    if (found && found.mtimeMs < before) {
      await rm(file, { force: true });
    }
  }
}
