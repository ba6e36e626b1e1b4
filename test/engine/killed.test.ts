import { afterAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { commandLine, survivors } from "../support/process-tree.ts";
import { makeProject } from "../support/project.ts";
import { imageTags, published, releases } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

// The simulation kills runs at every request. The engine is needed for two facts: what the processes do, and what the state of a killed run is worth.
describe("a release whose CLI is killed after an upload took effect and before its answer", () => {
  it("leaves no provider process, and the next release converges on one Release", async () => {
    const project = await makeProject(sandbox, "killed");
    // A plain `up` saves its state after each step.
    delete project.environment["PULUMI_SKIP_CHECKPOINTS"];
    // A process that ends writes what it compiled to the cache first; measured here is how soon ours ends by itself.
    project.environment["NODE_DISABLE_COMPILE_CACHE"] = "1";
    await project.commit("v1.0.0");
    await project.prepare();

    const run = project.starting();
    let tree: number[] = [];
    const killed = new Promise<void>((resolve) => {
      sandbox.faults.add({
        door: "github",
        method: "POST",
        path: /\/assets\?name=install/,
        when: "after",
        act: async () => {
          tree = await run.tree();
          // The rest of the group lives on: the provider ends by itself.
          process.kill(run.pid, "SIGKILL");
          resolve();
        },
      });
    });
    await Promise.race([killed, run.ended]);
    expect(tree.length, "the process was there to be killed").toBeGreaterThan(2);
    const left = await survivors(tree, 2000);
    expect(await Promise.all(left.map(commandLine))).toEqual([]);
    await run.ended;

    delete project.environment["NODE_DISABLE_COMPILE_CACHE"];
    const again = await project.release();
    expect(again.exitCode, again.output).toBe(0);
    expect(await imageTags(sandbox, project.fullName)).toEqual(["1.0.0"]);
    const all = await releases(sandbox, project.fullName);
    expect(all.map(({ tag_name, draft }) => ({ tag_name, draft }))).toEqual([{ tag_name: "v1.0.0", draft: false }]);
    expect(Object.keys((await published(sandbox, project, "1.0.0")).assets)).toEqual([
      "checksums.txt",
      "install.yaml",
      "lockstep.release.json",
    ]);
    expect(sandbox.violations()).toEqual([]);
  });
});
