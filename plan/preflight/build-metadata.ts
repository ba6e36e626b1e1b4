import { chartTag } from "../../formats/chart/chart-tag.ts";
import type { PlannedArtifact } from "../artifact/planned-artifact.ts";
import type { ReleasePlan } from "../release/release.ts";

/** What is released of a unit. */
interface ReleasedArtifacts extends Pick<ReleasePlan, "version"> {
  artifacts: readonly Pick<PlannedArtifact, "kind" | "name" | "ociRepository">[];
}

/**
 * Warns of charts whose version has build metadata: they are released, and some of those who install them cannot find them.
 * Source: helm/helm#10250, argoproj/argo-cd#14097, fluxcd/source-controller#1834; kubernetes.io, "Labels and Selectors".
 * @returns a warning for each chart
 */
export function warnOfBuildMetadata(open: readonly ReleasedArtifacts[]): string[] {
  return open.flatMap(({ version, artifacts }) =>
    version.includes("+") ? artifacts.filter(({ kind }) => kind === "chart").map((one) => warning(one, version)) : [],
  );
}

function warning({ name, ociRepository }: ReleasedArtifacts["artifacts"][number], version: string): string {
  return [
    `The chart ${name} has the version ${version}, and an OCI tag cannot have a \`+\`: the tag will be ${ociRepository}:${chartTag(version)}.`,
    `helm finds it by \`--version ${version}\` only, and not by that tag.`,
    "OCIRepository of Flux before May 2026 and older versions of Argo CD do not find it by a range of versions.",
    "A Kubernetes label cannot have a `+` either: a template that writes `.Chart.Version` into one must replace it.",
    `Without build metadata (\`${version.split("+")[0]}\`), none of this matters.`,
  ].join(" ");
}
