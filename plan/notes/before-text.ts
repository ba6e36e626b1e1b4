import { stringify } from "yaml";
import type { Origin } from "../../observe/published/origin.ts";

/** The version of a chart, and who published it. */
export interface ChartOrigin {
  chart: string;
  version: string;
  /** With its registry. */
  ociRepository: string;
  origin: Origin;
}

/**
 * The `before` of a chart set: the present versions that others published, to be pasted in place of the one that is there.
 * @param charts all charts of the set, in their order
 */
export function beforeText(charts: readonly ChartOrigin[]): string {
  const others = charts.filter(({ origin }) => origin === "others");
  const before = Object.fromEntries(others.map(({ chart, version }) => [chart, version]));
  const unread = charts.flatMap(({ ociRepository, origin }) =>
    typeof origin === "object"
      ? [`${ociRepository} may not be read with this login, or does not exist: ${origin.unreadable}`]
      : [],
  );
  const all = `${charts.length} ${charts.length === 1 ? "chart" : "charts"}`;
  return [
    ...(others.length === 0
      ? ["No chart has a version that another tool published: `before` is not needed."]
      : [
          `${others.length} of ${all} ${others.length === 1 ? "has a version" : "have versions"} that another tool published. Write this into the chart set:`,
          "",
          stringify({ before }).trimEnd(),
        ]),
    ...(unread.length === 0 ? [] : ["", ...unread]),
  ].join("\n");
}
