import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { before } from "../../commands/before.ts";
import { release } from "../../programs/release.ts";
import { isRead } from "../../sandbox/door/journal.ts";
import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import type { Project } from "../support/project.ts";
import { chartNames, twelveCharts } from "./twelve-charts.ts";
import type { TwelveCharts } from "./twelve-charts.ts";

const signing = signingSandbox();
const { world } = signing;

/** chart-releaser's tag, and its title. Source: github.com/helm/chart-releaser 1.8.1, --release-name-template. */
const tag = "{name}-{version}";

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** Publishes charts as a loop of `helm push` and chart-releaser does: OCI, git tag, and a Release that becomes the latest. */
async function publishByHand({ project, repository }: TwelveCharts, version: string, commit: string): Promise<void> {
  const packages = join(project.folder, "..", "packages");
  await mkdir(packages, { recursive: true });
  const { PATH, DOCKER_CONFIG } = process.env;
  const helm = (...args: string[]) =>
    execa("helm", args, { cwd: project.folder, env: { PATH, DOCKER_CONFIG, HOME: packages }, extendEnv: false });
  await helm("package", ...chartNames.map((name) => `charts/${name}`), "--destination", packages);
  const api = githubClient(world.sandbox);
  for (const name of chartNames) {
    const file = `${name}-${version}.tgz`;
    const place = `oci://${world.sandbox.addresses.registry}/${repository(name).replace(/\/[^/]+$/, "")}`;
    await helm("push", join(packages, file), place, "--plain-http");
    const title = `${name}-${version}`;
    const made = await api.post(`/repos/${project.fullName}/releases`, {
      tag_name: title,
      name: title,
      body: "A Helm chart",
      target_commitish: commit,
    });
    expect(made.status).toBe(201);
    const body = new Uint8Array(await readFile(join(packages, file)));
    expect((await api.upload(made.body, file, "", { body })).status).toBe(201);
  }
}

/** What `npm run before` prints for the stack. */
async function printedBefore(project: Project): Promise<string> {
  const file = join(project.folder, "..", "Pulumi.charts.yaml");
  const config = Object.entries(project.configuration()).map(([key, value]) => [key, parse(value) as unknown]);
  await writeFile(file, stringify({ config: Object.fromEntries(config) }));
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    expect(await before(["--config-file", file])).toBe(0);
  } finally {
    write.mockRestore();
  }
  return output;
}

describe("release, when helm push and chart-releaser published twelve charts before", () => {
  it("explains it in a preview, has `before` printed, and then publishes only new versions", async () => {
    const charts = await twelveCharts(signing, "adopted", true);
    const { project, write, configure, publicCharts, repository } = charts;
    await configure({ tag });
    await write(chartNames, "1.0.0");
    await publishByHand(charts, "1.0.0", await project.commit());
    const published = await publicCharts(chartNames, "1.0.0");
    const latest = await latestOf(project);

    const { journal } = world.sandbox;
    let mark = journal.mark();
    const refused = await programRun("preview", () => release(project.configuration()));
    expect([refused.stops, refused.registered], refused.output).toEqual([true, []]);
    expect(refused.output).toContain("12 charts: 12 refused");
    for (const name of chartNames) {
      expect(refused.output).toContain(`planning ${name}@1.0.0`);
    }
    expect(refused.output).toContain("`npm run before` prints all such versions");
    const [said = "", listed = ""] = (await printedBefore(project)).split("\n\n");
    expect(said).toContain("12 of 12 charts have versions that another tool published");
    const versions = (parse(listed) as { before: Record<string, string> }).before;
    expect(versions).toEqual(Object.fromEntries(chartNames.map((name) => [name, "1.0.0"])));
    await configure({ tag, before: versions });
    const stack = programStack();
    const left = await stack.up(project);
    expect([left.stops, left.operations], left.output).toEqual([false, []]);
    expect(left.output).toContain("12 charts: 12 before");
    expect(journal.writes(mark)).toEqual([]);

    const bumped = ["cache", "jobs", "web"];
    await write(bumped, "1.1.0");
    const commit = await project.commit();
    mark = journal.mark();
    const run = await stack.up(project);
    expect(run.stops, run.output).toBe(false);
    expect(Object.keys(run.units ?? {})).toEqual(bumped);
    const written = journal.since(mark, { door: "registry" }).filter((entry) => !isRead(entry));
    expect([...new Set(written.map((entry) => entry.repository))].toSorted()).toEqual(bumped.map(repository));
    const made = journal.writes(mark, { door: "github", path: /\/releases$/ });
    expect(made).toHaveLength(bumped.length);
    const now = await publicCharts(bumped, "1.1.0");
    expect(bumped.map((name) => [now[name]?.commit, now[name]?.releases.map(({ draft }) => draft)])).toEqual(
      bumped.map(() => [commit, [false]]),
    );
    expect(await publicCharts(chartNames, "1.0.0")).toEqual(published);
    expect(await latestOf(project)).toBe(latest);
  });
});

async function latestOf({ fullName }: Project): Promise<unknown> {
  const { body } = await githubClient(world.sandbox).get(`/repos/${fullName}/releases/latest`);
  return body["tag_name"];
}
