import { parse } from "semver";
import type { ChartMistake } from "./chart-mistake.ts";
import type { ChartMetadata } from "./chart-yaml.ts";

const key = "artifacthub.io/prerelease";

/** Texts that Artifact Hub accepts. Source: artifacthub/hub, internal/tracker/source/helm; Go's strconv.ParseBool. */
const truths = ["1", "t", "T", "TRUE", "true", "True"];
const falsehoods = ["0", "f", "F", "FALSE", "false", "False"];

/**
 * Compares the mark of a pre-release in Chart.yaml, which Artifact Hub shows, with the version: a version is not indexed twice, so a wrong mark
 * stays.
 */
export function findPrereleaseMistakes({ version, annotations }: ChartMetadata): ChartMistake[] {
  const value = annotations[key];
  if (value === undefined) {
    return [];
  }
  const isPrerelease = (parse(version)?.prerelease ?? []).length > 0;
  if ((isPrerelease ? truths : falsehoods).includes(value)) {
    return [];
  }
  const isReadable = [...truths, ...falsehoods].includes(value);
  const reason = isReadable
    ? `is not what the version says: ${version} is ${isPrerelease ? "a pre-release" : "a stable version"}`
    : "is neither true nor false";
  const example = `\`"${String(isPrerelease)}"\`, or no such annotation`;
  return [{ path: `Chart.yaml: annotations["${key}"]`, value, reason, example }];
}
