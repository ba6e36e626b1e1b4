import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { twelveCharts } from "../programs/twelve-charts.ts";
import type { KillsJson } from "../simulation/schedule/play-kills.ts";
import { changes } from "../support/engine-events.ts";
import type { Project } from "../support/project.ts";

const checkout = new URL("../..", import.meta.url).pathname;

/** What is left to the next run when one that releases a chart is killed: the real engine at five requests, the simulated one at all. */
export function killedChartFacts(signing: SigningSandbox): void {
  describe("release, when its process is killed", () => {
    it.each([
      ["after", "pushing the chart", false, "PUT", /\/manifests\/sha256:/],
      ["before", "listing a signature", true, "PUT", /\/manifests\/sha256-/],
      ["after", "writing the version tag", true, "PUT", /\/manifests\/1\.2\.3$/],
      ["before", "uploading a signature", false, "POST", /\/assets\?name=jobs-1\.2\.3\.tgz\.sigstore\.json$/],
      ["after", "publishing", true, "PATCH", /\/releases\/\d+$/],
    ] as const)(
      "converges, killed %s %s, with a new commit in between: %s",
      async (when, what, movesOn, method, path) => {
        const { sandbox } = signing;
        const repository = `killed-${what.replaceAll(" ", "-")}`;
        const { project, write, publicCharts } = await twelveCharts(signing, repository, true);
        await write(["jobs"]);
        await project.commit();
        await project.prepare();
        const run = project.starting();
        const killed = Promise.withResolvers<void>();
        const door = method === "PUT" ? "registry" : "github";
        const at = new RegExp(`/acme/${repository}\\b.*${path.source}`);
        const act = (): void => {
          process.kill(-run.pid, "SIGKILL");
          killed.resolve();
        };
        sandbox.faults.add({ door, method, path: at, when, act });
        await Promise.race([killed.promise, run.ended]);
        expect(sandbox.faults.waiting, "the run came to this request").toBe(0);
        await run.ended;

        if (movesOn) {
          await project.write({ "src/other.txt": "other\n" });
          await project.commit();
          signing.runAs(workflow, "refs/heads/main", { repository: project.fullName });
        }
        const again = await project.release();
        expect(again.exitCode, again.output).toBe(0);
        const { jobs } = await publicCharts(["jobs"]);
        expect(jobs?.releases.map(({ draft }) => draft)).toEqual([false]);
        const verified = await verify(project);
        expect([verified.exitCode, verified.all]).toEqual([0, expect.stringMatching(/all \d+ promises are kept/)]);
        const mark = sandbox.journal.mark();
        const check = await project.up();
        expect([check.exitCode, changes(check.operations), sandbox.journal.writes(mark)], check.output).toEqual([
          0,
          [],
          [],
        ]);
      },
    );
  });

  describe("the simulation, when a release of a chart is killed at each of its requests", () => {
    it("converges each time", { timeout: 3_600_000 }, async () => {
      const hooks = new URL("../simulation/machine/hooks.ts", import.meta.url).href;
      const args = [`--import=${hooks}`, "test/simulation/simulate.ts", "kills", "--json"];
      const { stdout } = await execa(process.execPath, args, { cwd: checkout, reject: false });
      const { worlds, kills, wrong } = JSON.parse(stdout) as KillsJson;
      expect(wrong).toEqual([]);
      const requests = worlds.reduce((sum, world) => sum + world.requests, 0);
      // At each one before and after it, and within uploads.
      expect(kills).toBeGreaterThan(2 * requests);
    });
  });
}

function verify({ stateFolder, environment }: Project) {
  const args = ["commands/main.ts", "verify", "jobs@1.2.3", "--config-file", `${stateFolder}.yaml`];
  return execa("node", args, { cwd: checkout, env: environment, all: true, reject: false });
}
