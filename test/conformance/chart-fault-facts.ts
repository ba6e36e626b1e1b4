import { describe, expect, it } from "vitest";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { foreignRelease, pushRefused, signingDown, uploadRefused } from "../programs/chart-faults.ts";
import { releaseWithFaults } from "../programs/fault-facts.ts";
import { chartNames, twelveCharts } from "../programs/twelve-charts.ts";
import type { PublicChart } from "../programs/twelve-charts.ts";
import { changes } from "../support/engine-events.ts";
import { useNoHelm } from "../support/helm-on-path.ts";

/** What a release does while each fault in turn meets one of twelve signed charts; one of them also with the real engine. */
export function chartFaultFacts(signing: SigningSandbox): void {
  describe("release, when one of twelve charts meets a fault", () => {
    it.each([pushRefused, signingDown, uploadRefused, foreignRelease].map((fault, index) => ({ ...fault, index })))(
      "completes the other eleven, and releases only that one when it runs again: $title",
      async ({ index, ...fault }) => {
        useNoHelm();
        expect(await releaseWithFaults(signing, `in-turn-${index}`, true, { jobs: fault })).toEqual(["jobs"]);
      },
    );

    it("does so with the real engine", async () => {
      const charts = await twelveCharts(signing, "engine-twelve", true);
      const { project, publicCharts } = charts;
      await charts.write(chartNames);
      await project.commit();
      pushRefused.arm(signing.sandbox, charts, "jobs", chartNames.length - 1);
      const run = await project.release();
      expect([run.exitCode, run.output]).toEqual([1, expect.stringContaining(pushRefused.said)]);
      const before = await publicCharts();
      expect(namesOfPublic(before)).toEqual(chartNames.filter((name) => name !== "jobs"));

      await pushRefused.lift(signing.sandbox, charts, "jobs");
      const again = await project.up();
      expect(again.exitCode, again.output).toBe(0);
      // The run before has exported nothing, so that the pushes of the others leave the state: they are found.
      const others = changes(again.operations).filter(({ name, type, op, retained }) => {
        const isFound = op === "delete" && retained && type.endsWith(":ChartPush");
        return !name.endsWith("jobs@1.2.3") && type !== "pulumi:pulumi:Stack" && !isFound;
      });
      expect(others).toEqual([]);
      const after = await publicCharts();
      expect(namesOfPublic(after)).toEqual(chartNames);
      expect({ ...after, jobs: undefined }).toEqual({ ...before, jobs: undefined });
    });
  });
}

function namesOfPublic(charts: Record<string, PublicChart>): string[] {
  const all = Object.entries(charts);
  const isPublic = ({ digest, releases }: PublicChart): boolean =>
    digest !== undefined && releases.some(({ draft }) => !draft);
  return all.filter(([, chart]) => isPublic(chart)).map(([name]) => name);
}
