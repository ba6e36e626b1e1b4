import { access, mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withHelm } from "../../../packaging/helm/helm.ts";
import type { HelmAnswer, HelmCall } from "../../../packaging/helm/helm.ts";
import { useNoHelm, useOtherHelm, useVariables } from "../../support/helm-on-path.ts";

/** One command of helm in its own folder. */
const run = (args: string[], call: Partial<HelmCall> = {}): Promise<HelmAnswer | undefined> =>
  withHelm((helm) => helm.run(args, { cwd: helm.folder, ...call }));

describe("withHelm", () => {
  it("gives helm PATH and folders of its own, and nothing else of the environment", async () => {
    await useOtherHelm("env");
    useVariables({
      GITHUB_TOKEN: "secret",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "secret",
      KUBECONFIG: "the user's",
      HELM_NAMESPACE: "the user's",
      HELM_PLUGINS: "the user's",
      HELM_DEBUG: "true",
    });
    const answer = await withHelm(async (helm) => {
      const { stdout } = await helm.run([], { cwd: helm.folder, env: { DOCKER_CONFIG: "login" } });
      return stdout.replaceAll(helm.folder, "OWN").split("\n").toSorted();
    });
    // The shell that stands in for helm sets PWD, SHLVL and _ itself.
    expect(answer?.filter((line) => !/^(?:PATH|PWD|OLDPWD|SHLVL|_)=/.test(line))).toEqual([
      "DOCKER_CONFIG=login",
      "HELM_CACHE_HOME=OWN/home/cache",
      "HELM_CONFIG_HOME=OWN/home/config",
      "HELM_DATA_HOME=OWN/home/data",
      "HELM_REGISTRY_CONFIG=OWN/home/registry.json",
      "HELM_REPOSITORY_CACHE=OWN/home/cache/repository",
      "HELM_REPOSITORY_CONFIG=OWN/home/repositories.yaml",
      "HOME=OWN/home",
      "TMPDIR=OWN/tmp",
    ]);
  });

  it("has the real helm read these folders", async () => {
    const answer = await withHelm(async (helm) => {
      const { stdout } = await helm.run(["env"], { cwd: helm.folder });
      return stdout.replaceAll(helm.folder, "OWN");
    });
    expect(answer).toContain('HELM_PLUGINS="OWN/home/data/plugins"');
    expect(answer).toContain('HELM_NAMESPACE="default"');
  });

  it.each([
    ["after the work", async () => "done", "done"],
    ["after a failure", async () => Promise.reject(new Error("failed")), "failed"],
  ])("removes its folder %s", async (_, work, ending) => {
    let folder = "";
    const ended = await withHelm(async (helm) => {
      folder = helm.folder;
      await mkdir(join(folder, "chart"));
      await writeFile(join(folder, "chart", "Chart.yaml"), "");
      return work();
    }).catch((error: Error) => error.message);
    expect(ended).toBe(ending);
    await expect(access(folder)).rejects.toThrow("ENOENT");
  });

  it("does nothing without a helm", async () => {
    useNoHelm();
    expect(await withHelm(() => Promise.reject(new Error("not reached")))).toBeUndefined();
  });

  it("says how a command ended", async () => {
    await useOtherHelm('echo out; echo "Error: no" >&2; exit "$1"');
    expect(await run(["0"])).toEqual({ isDone: true, stdout: "out", stderr: "Error: no" });
    expect(await run(["1"])).toEqual({ isDone: false, stdout: "out", stderr: "Error: no" });
  });

  it.each([
    ["does not end", "exec tail -f /dev/null", "Error: helm did not end within 0.05 seconds"],
    ["writes without an end", "exec yes", "Error: helm wrote more than 1000 characters"],
    ["is ended from outside", "kill -9 $$", "SIGKILL"],
  ])("gives up a helm that %s", async (_, script, words) => {
    await useOtherHelm(script);
    const answer = await run([], script.includes("tail") ? { seconds: 0.05 } : { most: 1000 });
    expect(answer).toMatchObject({ isDone: false, stdout: "", stderr: expect.stringContaining(words) });
  });

  it("runs a bounded number of commands at once", async () => {
    // Each counts those that are there beside it.
    await useOtherHelm('mkdir "run-$1"; ls -d run-* | wc -l; rmdir "run-$1"');
    const counts = await withHelm((helm) =>
      Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const { stdout } = await helm.run([String(index)], { cwd: helm.folder });
          return Number(stdout);
        }),
      ),
    );
    expect(counts).toHaveLength(30);
    expect(Math.max(...(counts ?? []))).toBeLessThanOrEqual(Math.max(2, availableParallelism()));
  });
});
