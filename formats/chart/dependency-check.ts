import { isInSync } from "./chart-lock.ts";
import type { ChartLock } from "./chart-lock.ts";
import { placeIn } from "./chart-mistake.ts";
import type { ChartMistake } from "./chart-mistake.ts";
import type { ChartMetadata } from "./chart-yaml.ts";
import type { Dependency } from "./dependency.ts";
import { isCompleteVersion, readVersion } from "./helm/helm-version.ts";
import { readVersionRange } from "./helm/version-range.ts";

/** The parts of a chart that must agree. */
export interface DependencyFiles {
  metadata: ChartMetadata;
  /** Chart.lock or requirements.lock; undefined if there is none: then only ranges are compared. */
  lock: ChartLock | undefined;
  /** The charts in charts/. */
  subcharts: readonly { name: string; version: string }[];
}

const build = "`helm dependency build`";
const update = "`helm dependency update`";

/**
 * Compares what Chart.yaml wants, what the lock chose, and what is in charts/. helm itself compares only names when it packages a chart, so
 * that a stale lock and a stale charts/ are released without a word. Nothing is asked of a repository: the digest of the lock says whether
 * it belongs to Chart.yaml.
 * Source: helm 4.3.1, pkg/action/install.go, CheckDependencies, and pkg/downloader/manager.go, Build.
 */
export function checkDependencies({ metadata, lock, subcharts }: DependencyFiles): ChartMistake[] {
  const { file, lockFile } = dependencyFiles(metadata);
  const stale = checkLock(metadata, lock);
  // What a stale lock chose says nothing.
  const locked = stale.length > 0 ? undefined : lock?.dependencies;
  const unfit = (metadata.dependencies ?? []).flatMap((dependency, index) => {
    const there = subcharts.filter(({ name }) => name === dependency.name).map(({ version }) => version);
    const fault = findFault(dependency, there, locked?.[index]?.version, lockFile);
    return fault === undefined
      ? []
      : [{ path: placeIn(file, ["dependencies", index]), value: dependency.name, ...fault }];
  });
  return [...stale, ...unfit];
}

/** Which files have a chart's dependencies, and which versions were chosen. */
export function dependencyFiles({ apiVersion }: ChartMetadata): { file: string; lockFile: string } {
  return apiVersion === "v1"
    ? { file: "requirements.yaml", lockFile: "requirements.lock" }
    : { file: "Chart.yaml", lockFile: "Chart.lock" };
}

/** A mistake if the lock was written for other dependencies than the chart has now. Without a lock: none. */
export function checkLock(metadata: ChartMetadata, lock: ChartLock | undefined): ChartMistake[] {
  const { file, lockFile } = dependencyFiles(metadata);
  return lock && !isInSync(metadata, lock)
    ? [{ path: lockFile, reason: `does not belong to the dependencies in ${file}`, example: update }]
    : [];
}

/**
 * @param there versions of this chart in charts/
 * @param locked the version that the lock chose: for a chart without a repository, and some others, it is a range as well
 */
function findFault(
  { version: range }: Dependency,
  there: readonly string[],
  locked: string | undefined,
  lockFile: string,
): { reason: string; example: string } | undefined {
  if (there.length === 0) {
    return { reason: "is not in charts/", example: build };
  }
  const fits = there.filter((version) => isIn(range, version));
  if (fits.length === 0) {
    return { reason: `is in charts/ as ${there.join(" and ")}, and ${range} is wanted`, example: update };
  }
  const isExact = locked !== undefined && isCompleteVersion(withoutPrefix(locked));
  if (isExact && !fits.some((version) => withoutPrefix(version) === withoutPrefix(locked))) {
    return { reason: `is in charts/ as ${fits.join(" and ")}, and ${lockFile} has ${locked}`, example: build };
  }
  return undefined;
}

function isIn(range: string, version: string): boolean {
  const found = readVersion(version);
  return range === "" || (found !== undefined && (readVersionRange(range)?.contains(found) ?? false));
}

function withoutPrefix(version: string): string {
  return version.replace(/^v/, "");
}
