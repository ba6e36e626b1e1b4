import { beforeAll, describe, expect, it } from "vitest";
import { getManifest } from "../../clients/registry/registry.ts";
import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { release } from "../../programs/release.ts";

const signing = signingSandbox();
const { world } = signing;
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** Chart.yaml and a template of a chart in charts/. */
function chart(name: string, version: string): Record<string, string> {
  return {
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    [`charts/${name}/templates/app.yaml`]: "kind: ConfigMap\n",
  };
}

/** A repository with the charts app, db and web, committed, and configured as a chart set. */
async function chartSet(keys: Record<string, unknown> = {}, top: Record<string, unknown> = {}) {
  const name = `set-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const repository = `${world.sandbox.addresses.registry}/acme/${name}`;
  const configure = (changed: Record<string, unknown> = keys): Promise<void> =>
    project.configure({
      repository: project.fullName,
      charts: { path: "charts/*", repository: `${repository}/{name}`, ...changed },
      signing: "off",
      ...top,
    });
  await configure();
  await project.write({ ...chart("app", "1.2.3"), ...chart("db", "0.4.0"), ...chart("web", "2.0.0-rc.1") });
  await project.commit();
  return { project, repository, configure };
}

async function releasesOf(project: Project): Promise<ReleaseJson[]> {
  const answer = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases`);
  const releases = answer.body as unknown as ReleaseJson[];
  return releases.toSorted((one, other) => (one.tag_name < other.tag_name ? -1 : 1));
}

async function tagsIn(repository: string, charts: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(charts).map(async ([name, tag]) =>
      (await getManifest(`${repository}/${name}`, tag)) ? `${name}:${tag}` : `${name}:none`,
    ),
  );
  return found;
}

/** The row of a chart in the table of charts, its cells joined by single blanks. */
function row(output: string, name: string): string | undefined {
  const line = output.split("\n").find((one) => one.startsWith(`| ${name} `));
  return line
    ?.split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "")
    .join(" ");
}

describe("release, when there is a chart set", () => {
  it("releases each chart under its own tag, with a Release of its own, and never as Latest", async () => {
    const { project, repository } = await chartSet({}, { lane: { accepts: "any" } });
    const { output, stops, units } = await programStack().up(project);
    expect(stops, output).toBe(false);
    expect(Object.keys(units ?? {})).toEqual(["app", "db", "web"]);
    const releases = await releasesOf(project);
    expect(releases.map(({ name, tag_name: tag, prerelease, draft }) => [name, tag, prerelease, draft])).toEqual([
      ["app: v1.2.3", "app-v1.2.3", false, false],
      ["db: v0.4.0", "db-v0.4.0", false, false],
      ["web: v2.0.0-rc.1", "web-v2.0.0-rc.1", true, false],
    ]);
    expect(await tagsIn(repository, { app: "1.2.3", db: "0.4.0", web: "2.0.0-rc.1" })).toEqual([
      "app:1.2.3",
      "db:0.4.0",
      "web:2.0.0-rc.1",
    ]);
    const latest = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases/latest`);
    expect(latest.status).toBe(404);
    await project.write({ "charts/db/templates/app.yaml": "kind: Secret\n" });
    await project.commit();
    const changed = await programRun("preview", () => release(project.configuration()));
    expect(changed.stops).toBe(true);
    expect(row(changed.output, "db")).toBe(
      "db 0.4.0 changed without a bump files that differ: templates/app.yaml. Bump the version: change it in charts/db/Chart.yaml.",
    );
  });

  it("releases a version with build metadata, which has its tag with `_`", async () => {
    const { project, repository } = await chartSet();
    await project.write({ ...chart("app", "1.2.3+5"), ...chart("web", "2.0.0") });
    await project.commit();
    const { output, stops } = await programStack().up(project);
    expect(stops, output).toBe(false);
    expect(output).toContain("app 1.2.3+5 has build metadata. Its OCI tag is `1.2.3_5`");
    expect(await tagsIn(repository, { app: "1.2.3_5" })).toEqual(["app:1.2.3_5"]);
    const [published] = await releasesOf(project);
    expect([published?.tag_name, published?.assets.map(({ name }) => name)]).toEqual([
      "app-v1.2.3+5",
      expect.arrayContaining(["app-1.2.3+5.tgz"]),
    ]);
    const mark = world.sandbox.journal.mark();
    const again = await programStack().up(project);
    expect([again.stops, world.sandbox.journal.writes(mark)], again.output).toEqual([false, []]);
    expect(row(again.output, "app")).toMatch(/^app 1\.2\.3\+5 unchanged stays as it is/);
  });
});

describe("release, when an app gets the name of a published chart", () => {
  it("says what the app may be called, and writes nothing", async () => {
    const { project } = await chartSet();
    await project.write(chart("web", "0.0.0"));
    await project.commit();
    await programStack().up(project);
    const charts = { path: "charts/*", repository: `${world.sandbox.addresses.registry}/acme/set-${number}/{name}` };
    const app = { name: "app", assets: [{ path: "deploy/install.yaml" }] };
    const configure = (name: string): Promise<void> =>
      project.configure({ repository: project.fullName, charts, ...app, name, signing: "off" });
    await configure("app");
    await project.commit("v1.2.3");
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programStack().up(project);
    expect([stops, world.sandbox.journal.writes(mark)], output).toEqual([true, []]);
    expect(output).toContain("is app@1.2.3\n");
    expect(output).toContain("Give the other unit that is called `app` another `name`");
    await configure("app-files");
    const run = await programStack().up(project);
    expect([run.stops, Object.keys(run.units ?? {})], run.output).toEqual([false, ["app-files", "app", "db"]]);
    expect(row(run.output, "app")).toMatch(/^app 1\.2\.3 unchanged/);
  });
});

describe("release, when charts of the set are left alone", () => {
  it("writes nothing for 0.0.0 and for what another tool published, and says so", async () => {
    const { project, repository } = await chartSet({ before: { app: "1.2.3" } });
    await project.write({ ...chart("web", "0.0.0") });
    await project.commit();
    const { output, stops, units } = await programStack().up(project);
    expect(stops, output).toBe(false);
    expect(Object.keys(units ?? {})).toEqual(["db"]);
    expect([row(output, "app"), row(output, "db"), row(output, "web")]).toEqual([
      "app 1.2.3 before left alone: another tool published this version",
      "db 0.4.0 new released as db-v0.4.0",
      "web 0.0.0 skipped left alone: this version is never released",
    ]);
    expect(output).toContain("web is not released in this run: 0.0.0 in Chart.yaml: never released");
    expect((await releasesOf(project)).map(({ tag_name: tag }) => tag)).toEqual(["db-v0.4.0"]);
    expect(await tagsIn(repository, { app: "1.2.3", web: "0.0.0" })).toEqual(["app:none", "web:none"]);
  });

  it("releases the next version of a chart that another tool published", async () => {
    const { project } = await chartSet({ before: { app: "1.2.2" } });
    await project.write(chart("web", "0.0.0"));
    await project.commit();
    const { output } = await programStack().up(project);
    expect(row(output, "app")).toBe("app 1.2.3 new released as app-v1.2.3");
    expect((await releasesOf(project)).map(({ tag_name: tag }) => tag)).toEqual(["app-v1.2.3", "db-v0.4.0"]);
  });
});

describe("release, when a chart set is wrong", () => {
  it.each<[string, Record<string, string>, Record<string, unknown>, string[]]>([
    [
      "two charts of one name, and a path without a chart",
      chart("app", "1.2.3"),
      { path: ["charts/*", "infra/*", "chart/*"] },
      [
        'infra/app/Chart.yaml: name = "app": is also the name of the chart in charts/app',
        'charts.path[2] = "chart/*": matches no folder with a Chart.yaml',
      ],
    ],
    [
      "a name that is not the folder's, and a version that the lane does not accept",
      { "charts/db/Chart.yaml": "apiVersion: v2\nname: postgres\nversion: 0.4.0\n", ...chart("web", "2.0.0-rc.1") },
      {},
      [
        'charts/db/Chart.yaml: name = "postgres": differs from the name of its folder, `db`',
        'charts/web/Chart.yaml: version = "2.0.0-rc.1": is a pre-release, and this lane accepts stable versions only',
      ],
    ],
    [
      "one git tag for all, and `before` of no chart",
      chart("web", "2.0.0"),
      { tag: "v{version}", before: { ap: "1.0.0" } },
      ['charts.tag = "v{version}": matches tags that', 'charts.before.ap = "1.0.0": is not a chart of the set'],
    ],
  ])("writes nothing, and shows each mistake: %s", async (_, files, keys, said) => {
    const { project } = await chartSet(keys);
    const infra = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace("charts/app", "infra/app"), text]),
    );
    await project.write({ ...chart("web", "2.0.0"), ...infra });
    await project.commit();
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    for (const line of said) {
      expect(output).toContain(line);
    }
  });

  it("shows the refusals of all charts, and the table, and writes nothing", async () => {
    const { project, repository } = await chartSet();
    await project.write(chart("web", "2.0.0"));
    await project.commit();
    const client = registryClient(world.sandbox);
    const at = repository.slice(repository.indexOf("/") + 1);
    for (const [name, tag] of [
      ["app", "1.2.3"],
      ["web", "2.0.0"],
    ] as const) {
      await client.pushImage(`${at}/${name}`, tag, `${name}, by another tool`);
    }
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun("preview", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain("3 charts: 1 new, 2 refused");
    expect(output).toContain("`npm run before` prints all such versions");
    expect(output).toMatch(/planning app@1\.2\.3[^]*planning web@2\.0\.0/);
  });
});
