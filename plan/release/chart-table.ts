import type { ReleaseError } from "../../errors/release-error.ts";
import { OtherContent } from "../artifact/other-content.ts";
import type { ProjectPlan } from "../project/project.ts";
import type { ReleasePlan } from "./release.ts";

/** What has been planned for one unit, or why it cannot be released. */
export type PlannedUnit = { unit: string } & ({ plan: ReleasePlan } | { refusal: ReleaseError });

/** What a run does with a chart of the chart set. */
type ChartState = (typeof states)[number];

const states = ["new", "unfinished", "unchanged", "before", "skipped", "changed without a bump", "refused"] as const;

interface ChartRow {
  chart: string;
  version: string;
  state: ChartState;
  /** What happens, or why nothing does. */
  what: string;
}

/**
 * A Markdown table of all charts of the chart set, whatever this run does with them, by name; and in front of it how many of each there are.
 * @param planned of all units of the project
 * @returns undefined if the project has no chart set
 */
export function chartTable(
  { units, leftCharts }: Pick<ProjectPlan, "units" | "leftCharts">,
  planned: readonly PlannedUnit[],
): string | undefined {
  if (leftCharts === undefined) {
    return undefined;
  }
  const rows: ChartRow[] = [
    ...units.flatMap(({ name, spec, version }) => {
      const found = planned.find(({ unit }) => unit === name);
      return spec.chart && found ? [{ chart: spec.chart.name, version: version.version, ...stateOf(found) }] : [];
    }),
    ...leftCharts.map(({ name, version, why }) => ({ chart: name, version, state: why, what: leftWhy[why] })),
  ].toSorted((one, other) => (one.chart < other.chart ? -1 : 1));
  const cells = rows.map(({ chart, version, state, what }) => [chart, version, state, cellText(what)]);
  const hint = rows.some(({ state }) => state === "refused") ? ["", otherTools] : [];
  return [countText(rows), "", ...alignedTable(["chart", "version", "state", "what happens"], cells), ...hint].join(
    "\n",
  );
}

const otherTools =
  "If another tool published a version that is refused, list it in `before`: `npm run before` prints all such versions.";

const leftWhy = {
  before: "left alone: another tool published this version",
  skipped: "left alone: this version is never released",
} as const;

function stateOf(planned: PlannedUnit): Pick<ChartRow, "state" | "what"> {
  if ("refusal" in planned) {
    const { code, parts } = planned.refusal;
    return planned.refusal instanceof OtherContent && planned.refusal.isOurs
      ? { state: "changed without a bump", what: `${planned.refusal.differences.join("; ")}. ${parts.fix}` }
      : { state: "refused", what: `${code}: ${parts.fix}` };
  }
  const { published, artifacts, gitTag, revision } = planned.plan;
  if (published) {
    return { state: "unchanged", what: `stays as it is, from commit ${revision.slice(0, 7)}` };
  }
  return artifacts.some(({ decision }) => decision.how !== "build")
    ? { state: "unfinished", what: `completed as ${gitTag}` }
    : { state: "new", what: `released as ${gitTag}` };
}

/** One line that ends no cell: a file of a package may have any name. */
function cellText(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

/** `3 charts: 1 new, 2 unchanged`. */
function countText(rows: readonly ChartRow[]): string {
  const counts = states.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `${rows.length} ${rows.length === 1 ? "chart" : "charts"}: ${counts.join(", ")}`;
}

/** Characters. Other cells are not filled up to a longer one. */
const widest = 100;

function alignedTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.min(widest, Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0))));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
