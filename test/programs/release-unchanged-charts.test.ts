import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findGitTag, repositoryOf } from "../../clients/github/git-refs.ts";
import { readAssetText } from "../../clients/github/release/release-assets.ts";
import { putBlob } from "../../clients/registry/blob-upload.ts";
import { getManifest, putManifest } from "../../clients/registry/registry.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import { readManifest } from "../../formats/artifact/manifest.ts";
import { chartMediaTypes, writeChartManifest } from "../../formats/chart/chart-manifest.ts";
import { readRecord } from "../../formats/release/release-record.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import { inspect } from "../../observe/published/inspection/inspection.ts";
import type { Finding } from "../../observe/published/inspection/finding.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import { inspectionQuestion } from "../../plan/inspection/inspection-question.ts";
import { namedUnits } from "../../plan/project/named-units.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { manifestType, registryClient } from "../sandbox/registry-client.ts";
import { programStack } from "../support/program-stack.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const signing = signingSandbox({ allowDelete: true });
const { world } = signing;
let number = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** A repository with one chart at its first commit, and what its runs need to sign as the release workflow. */
async function chartProject(signed = true) {
  const name = `unchanged-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const repository = `${world.sandbox.addresses.registry}/acme/${name}/widgets`;
  const { issuer, trustedRoot, signingConfig } = world.sandbox.sigstore;
  const sigstore = {
    trustedRoot: relative(project.folder, trustedRoot),
    signingConfig: relative(project.folder, signingConfig),
  };
  const configure = (changes: Record<string, unknown> = {}) =>
    project.configure({
      repository: project.fullName,
      version: "1.2.3",
      charts: [{ path: "charts/widgets", repository }],
      assets: [{ path: "NOTICE.txt" }],
      signing: signed ? { issuer, workflow, refs: "refs/heads/main" } : "off",
      ...(signed ? { sigstore } : {}),
      ...changes,
    });
  await configure();
  await project.write({
    "charts/widgets/Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 1.2.3\n",
    "charts/widgets/values.yaml": "replicas: 1\n",
    "charts/widgets/templates/app.yaml": "kind: ConfigMap\n",
    "CHANGELOG.md": "# Changes\n\n## 1.2.3\n\nFirst words.\n",
    "NOTICE.txt": "one\n",
  });
  signing.runAs(workflow, "refs/heads/main", { repository: project.fullName });
  return { project, repository, configure, first: await project.commit() };
}

/** A later commit that does not touch the chart. */
async function goOn(project: Project): Promise<string> {
  await project.write({
    "src/other.txt": "other\n",
    "CHANGELOG.md": "# Changes\n\n## 1.2.3\n\nOther words.\n",
    "NOTICE.txt": "two\n",
  });
  return project.commit();
}

async function releasesOf(project: Project): Promise<ReleaseJson[]> {
  const answer = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases`);
  return answer.body as unknown as ReleaseJson[];
}

/** What people see of the Releases. */
async function contentOf(project: Project): Promise<unknown[]> {
  const releases = await releasesOf(project);
  return releases.map(({ id, body, draft, assets }) => {
    return { id, body, draft, assets: assets.map((asset) => [asset.id, asset.name, asset.digest]) };
  });
}

const kinds = ["ChartPush", "Signature", "Attestation", "OciTag", "GitTag", "GitHubAttestation", "GitHubRelease"];
const isFound = (signed: boolean) => (kind: string) =>
  signed || !["Signature", "Attestation", "GitHubAttestation"].includes(kind);
const all = (what: string, of: readonly string[]): string[] => of.map((kind) => `${what} ${kind}`).toSorted();

describe("release, when a chart was published at an earlier commit", () => {
  it.each([
    ["signed", true],
    ["not signed", false],
  ])("leaves all of it as it is: %s", async (_, signed) => {
    const { project, first } = await chartProject(signed);
    const stack = programStack();
    const done = kinds.filter(isFound(signed));
    const run = await stack.up(project);
    expect(run.operations.toSorted(), run.output).toEqual(all("create", done));
    const published = await contentOf(project);
    await goOn(project);
    const mark = world.sandbox.journal.mark();
    const again = await stack.up(project);
    expect([again.stops, again.operations.toSorted()], again.output).toEqual([false, all("same", done)]);
    expect(Object.values(again.units ?? {}).map(({ revision }) => revision)).toEqual([first]);
    expect(await contentOf(project)).toEqual(published);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    // Without the state, everything but the push is found again.
    const other = await programStack().up(project);
    const found = done.filter((kind) => kind !== "ChartPush");
    expect([other.stops, other.operations.toSorted()], other.output).toEqual([false, all("create", found)]);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });

  it.each([
    ["signed", true],
    ["not signed", false],
  ])("leaves it as it is when its folder has moved: %s", async (_, signed) => {
    const { project, repository, configure, first } = await chartProject(signed);
    const stack = programStack();
    await stack.up(project);
    const published = await contentOf(project);
    await project.git("mv", "charts", "helm");
    await configure({ charts: [{ path: "helm/widgets", repository }] });
    await project.commit();
    const mark = world.sandbox.journal.mark();
    const done = kinds.filter(isFound(signed));
    const again = await stack.up(project);
    expect([again.stops, again.operations.toSorted()], again.output).toEqual([false, all("same", done)]);
    expect(Object.values(again.units ?? {}).map(({ revision }) => revision)).toEqual([first]);
    const other = await programStack().up(project);
    expect(other.stops, other.output).toBe(false);
    expect([world.sandbox.journal.writes(mark), await contentOf(project)]).toEqual([[], published]);
  });

  it("asks GitHub once in a shallow clone, which does not have that commit", async () => {
    const { project, first } = await chartProject(false);
    await programStack().up(project);
    const head = await goOn(project);
    await writeFile(join(project.folder, ".git/shallow"), `${head}\n`);
    const mark = world.sandbox.journal.mark();
    const run = await programStack().up(project);
    expect(run.stops, run.output).toBe(false);
    const asked = world.sandbox.journal.reads(mark).filter(({ path }) => path.includes("/compare/"));
    expect(asked.map(({ path }) => path.split("/compare/")[1]?.split("?")[0])).toEqual([`${first}...${head}`]);
  });

  it("refuses it on a line of commits without that one", async () => {
    const { project, first } = await chartProject(false);
    const base = await project.commit();
    await programStack().up(project);
    await project.git("reset", "--quiet", "--hard", first);
    const head = await goOn(project);
    const mark = world.sandbox.journal.mark();
    const { stops, output, operations } = await programStack().up(project);
    expect([stops, operations, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain(`was released from the commit ${base}`);
    expect(output).toContain(`neither the commit of this run, ${head}, nor an ancestor`);
  });

  it("refuses other files under its version, and names them", async () => {
    const { project } = await chartProject(false);
    await programStack().up(project);
    await project.write({
      "charts/widgets/values.yaml": "replicas: 2\n",
      "charts/widgets/templates/app.yaml": undefined,
      "charts/widgets/templates/more.yaml": "kind: Secret\n",
    });
    await project.commit();
    const mark = world.sandbox.journal.mark();
    const { stops, output, operations } = await programStack().up(project);
    expect([stops, operations, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain("[TAG_CONFLICT]");
    expect(output).toContain("files that differ: values.yaml\n");
    expect(output).toContain("files that are not published: templates/more.yaml\n");
    expect(output).toContain("files that are only published: templates/app.yaml\n");
    expect(output).toContain("Bump the version: change it in charts/widgets/Chart.yaml.");
  });
});

describe("release, when a run at an earlier commit was cut off", () => {
  it.each([
    ["Signature", false],
    ["OciTag", false],
    ["GitTag", true],
    ["GitHubRelease", true],
  ])("is completed at a later one if it did not get to: %s", async (cut, isTagged) => {
    const { project, repository, first } = await chartProject();
    await programStack().up(project, { cut: new RegExp(`^${cut} `) });
    const later = await goOn(project);
    signing.runAs(workflow, "refs/heads/main", { repository: project.fullName });
    const run = await programStack().up(project);
    expect(run.stops, run.output).toBe(false);
    const expected = isTagged ? first : later;
    const { annotations } = readManifest((await getManifest(repository, "1.2.3"))?.bytes ?? Buffer.alloc(0));
    const [published] = await releasesOf(project);
    const record = published && (await recordOf(project, published));
    expect([
      annotations[labelKeys.revision],
      (await findGitTag(repositoryOf(project.fullName), "v1.2.3"))?.commit,
      record?.revision,
      published?.draft,
    ]).toEqual([expected, expected, expected, false]);
    // Whoever verifies the Release finds every promise kept, although a later run signed its record.
    expect((await brokenPromises(project)).map(({ promise, found }) => `${promise}: ${found}`)).toEqual([]);
    // Also at the next commit, nothing is left to do.
    await project.commit();
    const mark = world.sandbox.journal.mark();
    const next = await programStack().up(project);
    expect([next.stops, world.sandbox.journal.writes(mark)], next.output).toEqual([false, []]);
  });

  it.each([
    ["keeps its commit while the version tag is there", true],
    ["goes on from the later commit if the version tag is gone", false],
  ])("brings its draft into line, and %s", async (_, isTagged) => {
    const { project, repository, first } = await chartProject(false);
    const refused = { door: "github", method: "PATCH", path: /\/releases\/\d+$/, when: "before" } as const;
    world.sandbox.faults.add({ ...refused, times: Infinity, act: { status: 403, body: { message: "no" } } });
    expect((await programStack().up(project)).stops).toBe(true);
    world.sandbox.faults.clear();
    const [draft] = await releasesOf(project);
    expect(draft?.draft).toBe(true);
    if (!isTagged) {
      await remove(repository, "1.2.3");
      await githubClient(world.sandbox).delete(`/repos/${project.fullName}/git/refs/tags/v1.2.3`);
    }
    const later = await goOn(project);
    const run = await programStack().up(project);
    expect(run.stops, run.output).toBe(false);
    const [published, ...others] = await releasesOf(project);
    const record = published && (await recordOf(project, published));
    expect([published?.draft, others, record?.revision]).toEqual([false, [], isTagged ? first : later]);
  });
});

describe("release, when something else is under the version of a chart", () => {
  const foreign = "https://github.com/evil/attack";
  type Change = (manifest: Record<string, unknown>, config: { digest: string; size: number }) => object;
  const annotated =
    (changes: Record<string, string>): Change =>
    ({ annotations }) => ({ annotations: { ...(annotations as object), ...changes } });

  it.each<[string, boolean, Change, string, string]>([
    [
      "a config that names another chart",
      true,
      (one, config) => ({ config: { ...(one["config"] as object), ...config } }),
      "TAG_CONFLICT",
      "its config says something else",
    ],
    [
      "a second layer",
      true,
      ({ layers }) => ({ layers: [...(layers as object[]), ...(layers as object[])] }),
      "TAG_CONFLICT",
      "it has 2 layers",
    ],
    [
      "a subject",
      true,
      ({ layers }) => ({ subject: (layers as object[])[0] }),
      "TAG_CONFLICT",
      "it is attached to something else",
    ],
    ["a foreign source", true, annotated({ [labelKeys.source]: foreign }), "SIGNATURE_MISSING", "no provenance by"],
    [
      "another time",
      true,
      annotated({ [labelKeys.created]: "2020-01-01T00:00:00Z" }),
      "SIGNATURE_MISSING",
      "no provenance by",
    ],
    ["our own manifest, unsigned", true, () => ({}), "SIGNATURE_MISSING", "nothing else is attached to it either"],
    [
      "a foreign source in a unit that is not signed",
      false,
      annotated({ [labelKeys.source]: foreign }),
      "TAG_CONFLICT",
      `it is of ${foreign}`,
    ],
    [
      "no commit in a unit that is not signed",
      false,
      ({ annotations }) => ({ annotations: { ...(annotations as object), [labelKeys.revision]: undefined } }),
      "TAG_CONFLICT",
      "it does not say from which commit it is",
    ],
    [
      "an unknown commit in a unit that is not signed",
      false,
      annotated({ [labelKeys.revision]: "1".repeat(40) }),
      "TAG_CONFLICT",
      `was released from the commit ${"1".repeat(40)}`,
    ],
  ])("refuses %s", async (_, signed, change, code, words) => {
    const { project, repository, first } = await chartProject(signed);
    await pushByHand(project, repository, first, change);
    await goOn(project);
    const mark = world.sandbox.journal.mark();
    const { stops, output, operations } = await programStack().up(project);
    expect([stops, operations, world.sandbox.journal.writes(mark)], output).toEqual([true, [], []]);
    expect(output).toContain(`[${code}]`);
    expect(output).toContain(words);
  });
});

/** Pushes what our own run would push at a commit, changed. */
async function pushByHand(
  project: Project,
  repository: string,
  revision: string,
  change: (manifest: Record<string, unknown>, config: { digest: string; size: number }) => object,
): Promise<void> {
  const { chart } = await packageChart(join(project.folder, "charts/widgets"));
  if (chart === undefined) {
    throw new Error("the chart cannot be packaged");
  }
  const { metadata, bytes } = chart;
  const source = `${world.sandbox.environment["GITHUB_SERVER_URL"]}/${project.fullName}`;
  const layer = { digest: computeDigest(bytes), size: bytes.length };
  const written = writeChartManifest(metadata, layer, { created: "2026-01-15T09:00:00Z", source, revision });
  const other = JSON.stringify({ ...JSON.parse(written.config), name: "gadgets" });
  for (const [blob, type] of [
    [bytes, chartMediaTypes.layer],
    [Buffer.from(written.config), chartMediaTypes.config],
    [Buffer.from(other), chartMediaTypes.config],
  ] as const) {
    await putBlob(repository, blob, type);
  }
  const manifest = JSON.parse(written.manifest) as Record<string, unknown>;
  const changed = change(manifest, { digest: computeDigest(other), size: Buffer.byteLength(other) });
  const text = Object.keys(changed).length === 0 ? written.manifest : JSON.stringify({ ...manifest, ...changed });
  await putManifest(repository, "1.2.3", { mediaType: manifestType, bytes: Buffer.from(text) });
}

async function brokenPromises(project: Project): Promise<Finding[]> {
  const { spec } = readSpec(project.configuration(), process.env);
  const [unit] = spec === undefined ? [] : namedUnits(spec);
  if (spec === undefined || unit === undefined) {
    throw new Error("the configuration cannot be read");
  }
  const findings = await inspect(inspectionQuestion(spec, unit, { version: "1.2.3", current: true }, []));
  return findings.filter(({ outcome }) => outcome !== "kept");
}

async function recordOf(project: Project, { assets }: ReleaseJson): Promise<ReleaseRecord | undefined> {
  const asset = assets.find(({ name }) => name === "lockstep.release.json");
  return readRecord(
    await readAssetText(repositoryOf(project.fullName), { id: asset?.id ?? 0, size: asset?.size ?? 0 }),
  );
}

async function remove(repository: string, tag: string): Promise<void> {
  const name = repository.split("/").slice(1).join("/");
  const client = registryClient(world.sandbox);
  const token = await client.bearer([`repository:${name}:pull,push`]);
  await client.send("DELETE", `/v2/${name}/manifests/${tag}`, token);
}
