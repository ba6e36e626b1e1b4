import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { release } from "../../programs/release.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { useDockerConfig } from "../clients/registry/docker-config.ts";
import { useOtherHelm, useVariables } from "../support/helm-on-path.ts";
import { programRun } from "../support/program-run.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const world = connectedSandbox();
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** Runs the real helm as a user does, with the sandbox's login. */
async function helm(folder: string, ...args: string[]): Promise<void> {
  const { PATH, DOCKER_CONFIG } = process.env;
  await execa("helm", args, { cwd: folder, env: { PATH, DOCKER_CONFIG, HOME: folder }, extendEnv: false });
}

/** A project whose chart needs one of a private repository in the registry and one of the project, with a lock and nothing in charts/. */
async function builtProject(): Promise<Project> {
  const name = `built-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const place = `${world.sandbox.addresses.registry}/acme/${name}`;
  await project.write({
    "charts/app/Chart.yaml": [
      "apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies:",
      `- {name: redis, version: 20.x.x, repository: "oci://${place}"}`,
      '- {name: base, version: ^1.0.0, repository: "file://../base"}\n',
    ].join("\n"),
    "charts/app/templates/a.yaml": '{{ include "base.map" . }}',
    "charts/base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.4.0\ntype: library\n",
    "charts/base/templates/_map.tpl":
      '{{ define "base.map" }}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n{{ end }}',
    "redis/Chart.yaml": "apiVersion: v2\nname: redis\nversion: 20.1.0\n",
    "redis/templates/r.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: redis}\n",
    ".gitignore": "/charts/app/charts/\n/*.tgz\n/.cache/\n/.config/\n/redis/\n",
  });
  await helm(project.folder, "package", "redis");
  await helm(project.folder, "push", "redis-20.1.0.tgz", `oci://${place}`, "--plain-http");
  await helm(project.folder, "dependency", "update", "charts/app", "--plain-http");
  await project.write({
    "charts/app/charts/redis-20.1.0.tgz": undefined,
    "charts/app/charts/base-1.4.0.tgz": undefined,
  });
  world.sandbox.registry.hide(`acme/${name}/redis`);
  await project.configure({
    repository: project.fullName,
    charts: [{ path: "charts/app", repository: `${place}/app`, dependencies: "build" }],
    signing: "off",
  });
  await project.commit("v1.2.3");
  return project;
}

/** Writes down what the real helm is asked for, without the paths. @returns how often each command was run */
async function useCountedHelm(folder: string): Promise<() => Promise<Record<string, number>>> {
  const { stdout: real } = await execa("sh", ["-c", "command -v helm"]);
  const log = join(folder, "..", `helm-${number}.log`);
  await useOtherHelm(`echo "$1" >> '${log}'\nexec '${real}' "$@"`);
  return async () => {
    const commands = (await readFile(log, "utf8")).trim().split("\n");
    return Object.fromEntries([...Map.groupBy(commands, (one) => one)].map(([name, all]) => [name, all.length]));
  };
}

describe("release, when helm brings the dependencies of a chart", () => {
  it("fetches them once, checks the chart with them, and plans its package", async () => {
    const project = await builtProject();
    useVariables({ XDG_CACHE_HOME: join(project.folder, "..", `cache-${number}`) });
    const counts = await useCountedHelm(project.folder);
    const { stops, output } = await programRun("preview", () => release(project.configuration()));
    expect(stops, output).toBe(false);
    expect(output).toContain("with app-1.2.3.tgz, checksums.txt, lockstep.release.json");
    expect(await counts()).toEqual({ dependency: 1, lint: 1, template: 1 });
    expect(await project.git("status", "--porcelain")).toBe("");
  });

  it("stops without the login, and writes nothing", async () => {
    const project = await builtProject();
    await useDockerConfig({});
    const mark = world.sandbox.journal.mark();
    const { stops, output, registered } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)], output).toEqual([true, [], []]);
    expect(output).toContain("- charts/app/Chart.yaml: dependencies: helm dependency build: could not download oci://");
    expect(output).toContain("`helm dependency build charts/app` shows the same");
  });
});
