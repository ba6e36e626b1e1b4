import type { Mistake } from "../../../errors/configuration-error.ts";
import type { ChartEdits, ChartPin } from "../../../formats/chart/pin/chart-edits.ts";
import { findPins } from "../../../formats/chart/pin/rendered-pins.ts";
import { lintChart, renderChart, stageChart } from "../../../packaging/helm/staged-chart.ts";
import type { StagedChart } from "../../../packaging/helm/staged-chart.ts";
import { withHelm } from "../../../packaging/helm/helm.ts";
import type { Helm } from "../../../packaging/helm/helm.ts";
import { keptDependencies } from "../../../packaging/kept-dependencies.ts";
import { packageChart } from "../../../packaging/packaged-chart.ts";

/** A chart that is going to be released. */
export interface JudgedChart {
  /** Its folder, relative to the current one. */
  path: string;
  /** Its folder below the workspace, for messages. */
  shown: string;
  /** What is written into its files before it is packaged, each pin with a digest of its own, so that it can be found again. Default: nothing. */
  edits?: ChartEdits;
  /** Whether helm has brought its dependencies. Default: they lie in charts/. */
  isBuilt?: boolean | undefined;
}

/** What helm says of charts. */
export interface ChartJudgement {
  /** Each keeps a chart from being released. */
  mistakes: Mistake[];
  /** What helm warns of. */
  warnings: string[];
  /** What was not checked, because there is no helm here. */
  unchecked: string[];
  /** Charts whose pins were not found again, because there is no helm here: nothing shows that they pin anything. */
  unproved: string[];
}

/**
 * Has the real helm lint and render charts, exactly as they are packaged: once with each `ci/*-values.yaml` of the chart, or else with its
 * defaults. A library is linted only. Charts are judged side by side.
 */
export async function judgeCharts(charts: readonly JudgedChart[]): Promise<ChartJudgement> {
  if (charts.length === 0) {
    return { mistakes: [], warnings: [], unchecked: [], unproved: [] };
  }
  const judged = await withHelm((helm) => Promise.all(charts.map((chart) => judgeOne(helm, chart))));
  if (judged === undefined) {
    const names = charts.map(({ shown }) => shown).join(", ");
    const what = `${names}: not rendered: helm is not here, so helm has not checked the templates.`;
    const unproved = charts.filter(({ edits }) => edits?.pins !== undefined).map(({ shown }) => shown);
    return { mistakes: [], warnings: [], unchecked: [`${what} \`node toolchain/run.mjs\` installs it.`], unproved };
  }
  return {
    mistakes: judged.flatMap(({ mistakes }) => mistakes),
    warnings: judged.flatMap(({ warnings }) => warnings),
    unchecked: [],
    unproved: [],
  };
}

type Judged = Pick<ChartJudgement, "mistakes" | "warnings">;

async function judgeOne(helm: Helm, { path, shown, edits, isBuilt }: JudgedChart): Promise<Judged> {
  const { chart, mistakes } = await packageChart(path, edits, isBuilt ? keptDependencies(path) : undefined);
  if (chart === undefined) {
    return { mistakes: mistakes.map((mistake) => ({ ...mistake, path: `${shown}/${mistake.path}` })), warnings: [] };
  }
  const staged = await stageChart(helm, chart, path);
  const tried = staged.values.length > 0 ? staged.values : [undefined];
  const trials = await Promise.all(tried.map((values) => tryOut(helm, staged, values)));
  const findings = trials.flatMap(({ found }) => found);
  const refusals = Map.groupBy(
    findings.filter(({ command }) => command !== undefined),
    ({ command, words }) => `helm ${command}: ${words}`,
  );
  const warnings = new Set(findings.filter(({ command }) => command === undefined).map(({ words }) => words));
  return {
    mistakes: [
      ...staged.links.map((link) => ({
        path: `${shown}/${link}`,
        reason: "is a link, and charts are rendered with files only",
        example: "a copy of the file",
      })),
      ...[...refusals].map(([reason, found]) => wordRefusal(shown, reason, found)),
      // What helm refuses has no text in which a pin could be found.
      ...(refusals.size === 0 && edits?.pins
        ? judgePins(
            shown,
            edits.pins,
            trials.flatMap(({ text }) => text ?? []),
          )
        : []),
    ],
    warnings: [...warnings].map((words) => `${shown}: helm lint: ${words}`),
  };
}

/** What one command said of one chart with one file of values. */
interface Finding {
  /** Undefined for a warning. */
  command: "lint" | "template" | undefined;
  /** Path below the chart's folder; undefined for its defaults. */
  values: string | undefined;
  words: string;
}

/** What helm said of one chart with one file of values, and what it rendered; undefined if it rendered nothing. */
interface Trial {
  found: Finding[];
  text: string | undefined;
}

/** helm repeats in `template` what it refuses in `lint`. */
async function tryOut(helm: Helm, chart: StagedChart, values: string | undefined): Promise<Trial> {
  const { errors, warnings } = await lintChart(helm, chart, values);
  const found: Finding[] = [
    ...errors.map((words) => ({ command: "lint" as const, values, words })),
    ...warnings.map((words) => ({ command: undefined, values, words })),
  ];
  if (errors.length > 0 || chart.isLibrary) {
    return { found, text: undefined };
  }
  const rendered = await renderChart(helm, chart, values);
  return "refused" in rendered
    ? { found: [...found, { command: "template", values, words: rendered.refused }], text: undefined }
    : { found, text: rendered.text };
}

/** A pin that is not rendered pins nothing, and an object with an `@` in a label is refused by Kubernetes. */
function judgePins(shown: string, pins: readonly ChartPin[], texts: readonly string[]): Mistake[] {
  const { lost, labels } = findPins(texts, pins);
  return [
    ...lost.map(({ path, form, repository }) => ({
      path: `${shown}/values.yaml: ${path}`,
      reason: `is pinned as \`${form}\`, and nothing that helm renders names an image with \`@sha256:…\` by it`,
      example: `the form that the chart's templates expect, or a \`${shown}/ci/test-values.yaml\` by which ${repository} is rendered`,
    })),
    ...labels.map((label) => ({
      path: shown,
      value: label,
      reason: "is the value of a label when helm renders the chart, and Kubernetes accepts no `@` there",
      example: "a template that cuts the label at the `@`, or the form `digest` in a field of its own",
    })),
  ];
}

/** @param found the same refusal, with one file of values or with several */
function wordRefusal(shown: string, reason: string, found: readonly Finding[]): Mistake {
  const files = found.flatMap(({ values }) => values ?? []);
  const flags = files[0] === undefined ? "" : ` --values ${shown}/${files[0]}`;
  const command = found[0]?.command ?? "lint";
  const same = `\`helm ${command} ${shown}${flags}\` shows the same`;
  const needsValues = command === "template" && flags === "";
  return {
    path: files.length > 0 ? `${shown} with ${files.join(", ")}` : shown,
    reason,
    example: needsValues ? `${same}; if it needs values, put them into \`${shown}/ci/test-values.yaml\`` : same,
  };
}
