import { z } from "zod";
import { computeDigest } from "../artifact/digest.ts";
import { wordIssues } from "./chart-mistake.ts";
import type { ChartMistake } from "./chart-mistake.ts";
import type { ChartMetadata } from "./chart-yaml.ts";
import { Text } from "./chart-text.ts";
import { Dependency, dependencyValue } from "./dependency.ts";
import { writeHelmJson } from "./helm/helm-json.ts";
import { readHelmYaml } from "./helm/helm-yaml.ts";

const ChartLock = z.object(
  {
    digest: Text,
    /** Missing or null: undefined, which has another digest than an empty list. */
    dependencies: z
      .array(Dependency, { error: "must be a list" })
      .nullish()
      .transform((dependencies) => dependencies ?? undefined),
  },
  { error: "must be a map with `digest` and `dependencies`" },
);

/** Which versions `helm dependency update` chose. */
export type ChartLock = z.output<typeof ChartLock>;

/**
 * Reads Chart.lock, or requirements.lock of apiVersion v1.
 * @param file its name, for messages
 */
export function readChartLock(file: string, text: string): { lock: ChartLock | undefined; mistakes: ChartMistake[] } {
  const example = "`helm dependency update` writes it anew";
  const read = readHelmYaml(text);
  if ("unreadable" in read) {
    const reason = `cannot be read as YAML: ${read.unreadable}`;
    return { lock: undefined, mistakes: [{ path: file, reason, example }] };
  }
  const { data, error } = ChartLock.safeParse(read.value);
  const mistakes = error ? wordIssues(file, read.value, error, {}) : [];
  return { lock: data, mistakes: mistakes.map((mistake) => ({ ...mistake, example })) };
}

/**
 * Whether a lock belongs to the dependencies as they are now. Its digest is over both lists, so that this needs no repository.
 *
 * Of a repository that Chart.yaml names by `@alias` the digest has the address, which only the user's own helm knows. The lock has it as
 * well, at the same place in its list. Source: helm 4.3.1, internal/resolver/resolver.go and pkg/downloader/manager.go, Build.
 */
export function isInSync({ apiVersion, dependencies }: ChartMetadata, lock: ChartLock): boolean {
  const resolved = dependencies?.map((dependency, index) => ({
    ...dependency,
    repository: /^(?:@|alias:)/.test(dependency.repository)
      ? (lock.dependencies?.[index]?.repository ?? "")
      : dependency.repository,
  }));
  return (
    lock.digest === lockDigest(resolved, lock.dependencies) ||
    (apiVersion === "v1" && lock.digest === firstLockDigest(dependencies))
  );
}

/**
 * The digest of Chart.lock: over the dependencies of Chart.yaml and those of the lock.
 * @param wanted with the addresses of aliases in their places
 */
export function lockDigest(
  wanted: readonly Dependency[] | undefined,
  locked: readonly Dependency[] | undefined,
): string {
  const values = [wanted, locked].map((list) => list?.map(dependencyValue) ?? null);
  return computeDigest(writeHelmJson(values));
}

/** The digest that Helm 2 wrote. Source: helm 4.3.1, internal/resolver/resolver.go, HashV2Req; helm/helm#7233. */
function firstLockDigest(wanted: readonly Dependency[] | undefined): string {
  return computeDigest(writeHelmJson({ dependencies: wanted?.map(dependencyValue) ?? null }));
}
