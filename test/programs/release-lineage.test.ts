import { relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { getManifest } from "../../clients/registry/registry.ts";
import { readLineage } from "../../formats/release/attestation-lineage.ts";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { release } from "../../programs/release.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const signing = signingSandbox();
const { world } = signing;
const file = "widgets-attestation-lineage.json";
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** A project with a chart, in a unit or in a set, whose commit is the merge of a pull request with a map. */
async function chartProject(config: (repository: string) => Record<string, unknown>) {
  const name = `traced-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const repository = `${world.sandbox.addresses.registry}/acme/${name}/widgets`;
  await project.configure({ repository: project.fullName, signing: "off", ...config(repository) });
  await project.write({
    "charts/widgets/Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 1.2.3\n",
    "charts/widgets/templates/app.yaml": "kind: ConfigMap\n",
  });
  await project.commit("v1.2.3");
  const commit = await project.git("rev-parse", "HEAD");
  await world.sandbox.github.openPullRequest(project.fullName, {
    title: "One",
    body: '<!-- attestation-map {"lint": 41} -->',
    head: { ref: "one", sha: commit },
    base: { ref: "main", sha: commit },
    mergedAs: commit,
  });
  return { project, repository, commit };
}

const unitOf = (more: object) => (repository: string) => ({
  charts: [{ path: "charts/widgets", repository }],
  ...more,
});

/** An `up` on a machine without state that does not fail. */
async function up(project: Project): Promise<Record<string, UnitOutputs>> {
  const { units = {}, stops, output } = await programStack().up(project);
  expect(stops, output).toBe(false);
  return units;
}

async function assetsOf({ fullName }: Project): Promise<ReleaseJson["assets"]> {
  const answer = await githubClient(world.sandbox).get(`/repos/${fullName}/releases`);
  return (answer.body as unknown as ReleaseJson[])[0]?.assets ?? [];
}

async function lineageOf(project: Project) {
  const asset = (await assetsOf(project)).find(({ name }) => name === file);
  const headers = {
    accept: "application/octet-stream",
    authorization: `Bearer ${world.sandbox.environment["GITHUB_TOKEN"] ?? ""}`,
  };
  return readLineage(await (await fetch(asset?.url ?? "", { headers })).text());
}

describe("release, when the lineage of a chart is asked for", () => {
  it("attaches it, with the digest that was pushed and the provenance that was posted", async () => {
    const { project, repository, commit } = await chartProject(unitOf({ lineage: true }));
    const { issuer, trustedRoot, signingConfig } = world.sandbox.sigstore;
    await project.configure({
      repository: project.fullName,
      charts: [{ path: "charts/widgets", repository }],
      lineage: true,
      signing: { issuer, workflow },
      sigstore: {
        trustedRoot: relative(project.folder, trustedRoot),
        signingConfig: relative(project.folder, signingConfig),
      },
    });
    signing.runAs(workflow, "refs/tags/v1.2.3", { repository: project.fullName, sha: commit });
    const { leftOut, assets } = Object.values(await up(project))[0] ?? {};
    const digest = (await getManifest(repository, "1.2.3"))?.digest;
    expect(await lineageOf(project)).toMatchObject({
      chart: "widgets",
      version: "1.2.3",
      tag: "v1.2.3",
      digest,
      revision: commit,
      pullRequest: { number: 1, base: "main" },
      attestations: [
        { name: "lint", id: "41", status: "claimed" },
        { id: expect.stringMatching(/^\d+$/), digest, status: "confirmed" },
      ],
      leftOut: [],
    });
    expect((await assetsOf(project)).map(({ name }) => name)).toContain(`${file}.sigstore.json`);
    expect([assets, leftOut?.filter((line) => line.startsWith(file))]).toEqual([["widgets-1.2.3.tgz", file], []]);
  });

  it("says in the summary what is missing in it, and keeps it when it runs again", async () => {
    const { project, repository } = await chartProject(unitOf({ lineage: true }));
    const digest = (await up(project).then(() => getManifest(repository, "1.2.3")))?.digest;
    await (await world.sandbox.github.pullRequests(project.fullName)).describe(1, "Nothing.");
    const since = world.sandbox.journal.mark();
    const [unit] = Object.values(await up(project));
    expect(world.sandbox.journal.writes(since)).toEqual([]);
    expect(unit?.leftOut).toContain(`${file}: GitHub lists no attestation for the chart's digest ${digest}`);
    expect((await lineageOf(project)).attestations).toEqual([{ name: "lint", id: "41", status: "claimed" }]);
  });

  it("attaches it for every chart of a set", async () => {
    const set = { path: "charts/*", tag: "v{version}" };
    const { project } = await chartProject((repository) => ({
      charts: { ...set, repository: repository.replace(/widgets$/, "{name}") },
    }));
    await up(project);
    expect((await lineageOf(project)).attestations).toEqual([{ name: "lint", id: "41", status: "claimed" }]);
  });

  it("shows it in a preview, and asks GitHub nothing about it", async () => {
    const { project } = await chartProject(unitOf({ lineage: true }));
    const since = world.sandbox.journal.mark();
    const { output } = await programRun("preview", () => release(project.configuration()));
    expect(output).toContain(`with widgets-1.2.3.tgz, ${file}, checksums.txt, lockstep.release.json`);
    expect(world.sandbox.journal.reads(since, { door: "github", path: /\/pulls|attestations/ })).toEqual([]);
  });
});

describe("release, when the lineage of a chart is not asked for", () => {
  it("attaches none, and none to what is published when it is asked for later", async () => {
    const { project, repository } = await chartProject(unitOf({}));
    await up(project);
    await project.configure({ repository: project.fullName, signing: "off", ...unitOf({ lineage: true })(repository) });
    const since = world.sandbox.journal.mark();
    await up(project);
    expect((await assetsOf(project)).map(({ name }) => name)).not.toContain(file);
    expect(world.sandbox.journal.writes(since)).toEqual([]);
  });
});
