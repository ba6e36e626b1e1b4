import { relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { getManifest, putManifest } from "../../clients/registry/registry.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { inspect } from "../../observe/published/inspection/inspection.ts";
import { inspectionQuestion } from "../../plan/inspection/inspection-question.ts";
import { namedUnits } from "../../plan/project/named-units.ts";
import { release } from "../../programs/release.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import { githubClient } from "../sandbox/github-client.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import type { Interruption, StackRun } from "../support/program-stack.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const signing = signingSandbox();
const { world } = signing;
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** A project with a chart and nothing else, committed at v1.2.3. */
async function chartProject(version = "1.2.3") {
  const name = `charted-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const repository = `${world.sandbox.addresses.registry}/acme/${name}/widgets`;
  await project.configure({
    repository: project.fullName,
    charts: [{ path: "charts/widgets", repository }],
    signing: "off",
  });
  await project.write({
    "charts/widgets/Chart.yaml": `apiVersion: v2\nname: widgets\nversion: ${version}\n`,
    "charts/widgets/values.yaml": "replicas: 1\n",
    "charts/widgets/templates/app.yaml": "kind: ConfigMap\n",
  });
  await project.commit("v1.2.3");
  return { project, repository };
}

/** An `up` on a machine without state that does not fail. */
async function up(project: Project, interruption?: Interruption): Promise<StackRun> {
  const run = await programStack().up(project, interruption);
  expect(run.stops, run.output).toBe(false);
  return run;
}

const created = ({ operations }: StackRun): string[] => operations.map((one) => one.replace("create ", ""));

async function releaseOf(project: Project): Promise<ReleaseJson | undefined> {
  const answer = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases`);
  return (answer.body as unknown as ReleaseJson[])[0];
}

describe("release, when a unit with a chart is signed", () => {
  it("signs and attests the chart, signs its package, and adopts it by these proofs", async () => {
    const { project, repository } = await chartProject();
    const { issuer, trustedRoot, signingConfig } = world.sandbox.sigstore;
    await project.configure({
      repository: project.fullName,
      charts: [{ path: "charts/widgets", repository }],
      signing: { issuer, workflow },
      sigstore: {
        trustedRoot: relative(project.folder, trustedRoot),
        signingConfig: relative(project.folder, signingConfig),
      },
    });
    signing.runAs(workflow, "refs/tags/v1.2.3", { repository: project.fullName });
    const first = await up(project, { cut: /^(GitTag|GitHubAttestation) / });
    expect(created(first)).toEqual(["ChartPush", "Signature", "Attestation", "OciTag"]);
    expect(created(await up(project))).not.toContain("ChartPush");
    const names = (await releaseOf(project))?.assets.map(({ name }) => name).toSorted() ?? [];
    expect(names.filter((name) => name.includes(".tgz"))).toEqual([
      "widgets-1.2.3.tgz",
      "widgets-1.2.3.tgz.sig",
      "widgets-1.2.3.tgz.sigstore.json",
    ]);
  });
});

describe("release, when a unit has a chart", () => {
  it("pushes it, tags it, and publishes its package", async () => {
    const { project, repository } = await chartProject();
    expect(created(await up(project))).toEqual(["ChartPush", "OciTag", "GitTag", "GitHubRelease"]);
    const manifest = await getManifest(repository, "1.2.3");
    const published = await releaseOf(project);
    expect(published?.assets.map(({ name }) => name).toSorted()).toEqual([
      "checksums.txt",
      "lockstep.release.json",
      "widgets-1.2.3.tgz",
    ]);
    const layer = (JSON.parse(String(manifest?.bytes)) as { layers: { digest: string }[] }).layers[0]?.digest;
    expect(published?.assets.find(({ name }) => name.endsWith(".tgz"))?.digest).toBe(layer);
    expect([published?.draft, published?.body]).toEqual([false, expect.stringContaining(manifest?.digest ?? "none")]);
  });

  it("adopts it on another machine, and writes nothing", async () => {
    const { project } = await chartProject();
    await up(project);
    const mark = world.sandbox.journal.mark();
    expect([created(await up(project)), world.sandbox.journal.writes(mark)]).toEqual([
      ["OciTag", "GitTag", "GitHubRelease"],
      [],
    ]);
  });

  it("completes a release that was cut off behind the tag, on a machine without its state", async () => {
    const { project } = await chartProject();
    await up(project, { cut: /^GitTag / });
    expect(await releaseOf(project)).toBeUndefined();
    expect(created(await up(project))).toEqual(["OciTag", "GitTag", "GitHubRelease"]);
    expect((await releaseOf(project))?.draft).toBe(false);
  });

  it("shows in a preview what would be done", async () => {
    const { project } = await chartProject();
    const { output, stops } = await programRun("preview", () => release(project.configuration()));
    expect(stops, output).toBe(false);
    expect(output).toContain("chart widgets: build and push");
    expect(output).toContain("with widgets-1.2.3.tgz, checksums.txt, lockstep.release.json");
  });

  it("writes behind the Release what Artifact Hub is going to read", async () => {
    const { project, repository } = await chartProject();
    const artifactHub = "charts/widgets/artifacthub-repo.yml";
    await project.configure({
      repository: project.fullName,
      charts: [{ path: "charts/widgets", repository, artifactHub }],
      signing: "off",
    });
    await project.git("tag", "--delete", "v1.2.3");
    await project.write({ [artifactHub]: "repositoryID: 0b1e2d3c-4f5a-6b7c-8d9e-0f1a2b3c4d5e\n" });
    await project.commit("v1.2.3");
    expect(created(await up(project))).toEqual(["ChartPush", "OciTag", "GitTag", "GitHubRelease", "ArtifactHubTag"]);
    expect(await getManifest(repository, "artifacthub.io")).toBeDefined();
  });

  it("keeps every promise when it is verified, and breaks one when another chart is under its tag", async () => {
    const { project, repository } = await chartProject();
    const charts = [{ path: "charts/widgets", repository }];
    await project.configure({ repository: project.fullName, charts, lineage: true, signing: "off" });
    await up(project);
    const { spec } = readSpec(project.configuration(), {});
    const [unit] = spec ? namedUnits(spec) : [];
    const verified = () => inspect(inspectionQuestion(spec!, unit!, { version: "1.2.3", current: true }, []));
    const whole = await verified();
    expect(whole.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    expect(whole.map(({ promise }) => promise)).toContain(
      "widgets-attestation-lineage.json is about widgets 1.2.3 and its digest, tag and commit",
    );
    const manifest = JSON.parse(String((await getManifest(repository, "1.2.3"))?.bytes)) as { layers: object[] };
    const bytes = Buffer.from(JSON.stringify({ ...manifest, layers: [...manifest.layers, ...manifest.layers] }));
    await putManifest(repository, "1.2.3", { mediaType: "application/vnd.oci.image.manifest.v1+json", bytes });
    expect((await verified()).filter(({ outcome }) => outcome === "broken").map(({ promise }) => promise)).toEqual([
      `${repository}:1.2.3 names the recorded digest`,
      `${repository}:1.2.3 is a chart of one package`,
    ]);
  });

  it("refuses a version that was not bumped, and writes nothing", async () => {
    const { project } = await chartProject("1.2.2");
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain('charts/widgets/Chart.yaml: version = "1.2.2": is not the version 1.2.3');
  });

  it("refuses other files under a version that is published", async () => {
    const { project } = await chartProject();
    await up(project);
    await project.write({ "charts/widgets/values.yaml": "replicas: 2\n" });
    await project.git("tag", "--delete", "v1.2.3");
    await project.commit("v1.2.3");
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programRun("up", () => release(project.configuration()));
    expect([stops, world.sandbox.journal.writes(mark)]).toEqual([true, []]);
    expect(output).toContain("CONFLICT]");
  });
});

describe("release, when a chart set has a chart with documents", () => {
  /** The project of a chart, which a chart set releases. */
  async function setProject(documents: Record<string, string>) {
    const { project, repository } = await chartProject();
    await project.configure({
      repository: project.fullName,
      charts: { path: "charts/*", repository: repository.replace(/widgets$/, "{name}") },
      signing: "off",
    });
    await project.write({
      "CHANGELOG.md": "## 1.2.3\n\nOf the repository",
      ...documents,
      "charts/draft/Chart.yaml": "apiVersion: v2\nname: draft\nversion: 0.0.0\n",
    });
    return { project, repository };
  }

  it("attaches them, takes its text from its own changelog, and is not the latest", async () => {
    const { project, repository } = await setProject({
      "charts/widgets/CHANGELOG.md": "## 1.2.3\n\nOf the chart",
      "charts/widgets/README.md": "# Widgets",
      LICENSE: "All of it",
    });
    await project.commit();
    const { summary } = await up(project);
    const published = await releaseOf(project);
    const names = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "checksums.txt",
      "lockstep.release.json",
      "widgets-1.2.3.tgz",
      "widgets-attestation-lineage.json",
    ];
    expect(published?.assets.map(({ name }) => name).toSorted()).toEqual(names);
    expect([published?.tag_name, published?.name]).toEqual(["widgets-v1.2.3", "widgets: v1.2.3"]);
    expect(published?.body).toMatch(/\nOf the chart\n\n## Artifacts\n/);
    expect(published?.body).toContain(`helm install widgets oci://${repository} --version 1.2.3`);
    const latest = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases/latest`);
    expect(latest.status).toBe(404);
    expect(summary).toMatch(/^# Released\n/);
    expect(summary).toContain(`| widgets | 1.2.3 | [widgets-v1.2.3](${published?.html_url}) |`);
    expect(summary).toMatch(/\n## Charts\n[^]*\| draft +\| 0\.0\.0 +\| skipped/);
    const mark = world.sandbox.journal.mark();
    await up(project);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });

  it("takes its text from the message of its git tag, and names what it does not have", async () => {
    const { project } = await setProject({ LICENSE: "All of it" });
    await project.commit();
    const message = ["--cleanup=whitespace", "--message=widgets 1.2.3", "--message=## Fixed\n\n- a port"];
    await project.git("tag", "--annotate", ...message, "widgets-v1.2.3");
    const { summary } = await up(project);
    expect((await releaseOf(project))?.body).toMatch(/\n## Fixed\n\n- a port\n\n## Artifacts\n/);
    expect(summary).toContain(
      "- widgets 1.2.3: CHANGELOG.md: there is no charts/widgets/CHANGELOG.md\n- widgets 1.2.3: README.md: there is no",
    );
  });
});
