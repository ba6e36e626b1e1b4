import { expect } from "vitest";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { programStack } from "../support/program-stack.ts";
import { isRead } from "../../sandbox/door/journal.ts";
import type { ChartFault } from "./chart-faults.ts";
import { chartNames, twelveCharts } from "./twelve-charts.ts";
import type { PublicChart } from "./twelve-charts.ts";

/**
 * Releases twelve charts of which some meet a fault: all others are complete. A rerun without the faults releases only these.
 * @param name of the repository below `acme/`
 * @param met by name of the chart
 * @returns the charts of which the rerun has created something
 */
export async function releaseWithFaults(
  signing: SigningSandbox,
  name: string,
  signed: boolean,
  met: Partial<Record<(typeof chartNames)[number], ChartFault>>,
): Promise<string[]> {
  const { sandbox } = signing;
  const charts = await twelveCharts(signing, name, signed);
  const { project, publicCharts } = charts;
  await charts.write(chartNames);
  const commit = await project.commit();
  const faults = Object.entries(met);
  const others = chartNames.filter((chart) => met[chart] === undefined);
  for (const [chart, fault] of faults) {
    fault.arm(sandbox, charts, chart, others.length);
  }
  const stack = programStack();
  const run = await stack.up(project);
  expect([run.stops, run.units], run.output).toEqual([true, undefined]);
  const before = await publicCharts();
  for (const chart of others) {
    expect([chart, summarize(before[chart])]).toEqual([chart, { tagged: true, commit, published: 1, drafts: 0 }]);
  }
  for (const [chart, { said, tagged, foreign = [] }] of faults) {
    expect(run.output).toContain(said);
    const releases = before[chart]?.releases.filter(({ draft }) => !draft) ?? [];
    expect([
      chart,
      before[chart]?.digest !== undefined,
      releases.flatMap(({ files }) => files.map((one) => one[1])),
    ]).toEqual([chart, tagged, foreign]);
  }

  sandbox.faults.clear();
  for (const [chart, fault] of faults) {
    await fault.lift(sandbox, charts, chart);
  }
  const mark = sandbox.journal.mark();
  const again = await stack.up(project);
  expect(again.stops, again.output).toBe(false);
  // The journal of the registry names the chart. That of GitHub does not, so that what is there of all others must not change.
  const repositories = faults.map(([chart]) => charts.repository(chart));
  const elsewhere = sandbox.journal
    .since(mark, { door: "registry" })
    .filter((entry) => !isRead(entry) && !repositories.includes(entry.repository ?? ""));
  expect(elsewhere).toEqual([]);
  const after = await publicCharts();
  for (const chart of chartNames) {
    expect([chart, summarize(after[chart])]).toEqual([chart, { tagged: true, commit, published: 1, drafts: 0 }]);
  }
  expect(others.map((chart) => after[chart])).toEqual(others.map((chart) => before[chart]));
  return chartNames.filter((chart) => again.created.some((resource) => resource.endsWith(`/${chart}@1.2.3`)));
}

function summarize(chart: PublicChart | undefined): object {
  const { digest, commit, releases = [] } = chart ?? {};
  const published = releases.filter(({ draft }) => !draft).length;
  return { tagged: digest !== undefined, commit, published, drafts: releases.length - published };
}
