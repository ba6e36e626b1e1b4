import { relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { getBlob, getManifest } from "../../clients/registry/registry.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { unpackChart } from "../../formats/chart/package/chart-archive.ts";
import { readManifest } from "../../formats/artifact/manifest.ts";
import { readRecord } from "../../formats/release/release-record.ts";
import { inspect } from "../../observe/published/inspection/inspection.ts";
import { findProofs } from "../../observe/published/proofs.ts";
import { inspectionQuestion } from "../../plan/inspection/inspection-question.ts";
import { namedUnits } from "../../plan/project/named-units.ts";
import { release } from "../../programs/release.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import type { ReleaseJson } from "../providers/release/releasable-unit.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { useNoHelm } from "../support/helm-on-path.ts";
import { programRun } from "../support/program-run.ts";
import { programStack } from "../support/program-stack.ts";
import type { Interruption, StackRun } from "../support/program-stack.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const signing = signingSandbox();
const { world } = signing;
let number = 0;
/** Images built so far: no two builds give the same bytes. */
let builds = 0;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

const pins = { "image.digest": { image: "app", form: "digest" }, "image.tag": { image: "app", form: "tag" } };
const values = "# the image\nimage:\n  repository: app # ours\n  tag: v0\n  digest:\n";

const template =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: "{{ .Values.image.repository }}@{{ .Values.image.digest }}"}]}\n';

/** A project with an image and a chart that pins it, not committed yet. */
async function pinnedProject(chart: object = {}) {
  const name = `pinned-${++number}`;
  const project = await makeProject(world.sandbox, name);
  const registry = `${world.sandbox.addresses.registry}/acme/${name}`;
  const app = { name: "app", repository: `${registry}/app`, platforms: ["linux/amd64"] };
  const widgets = { path: "charts/widgets", repository: `${registry}/charts/widgets`, pins, ...chart };
  await project.write({
    "charts/widgets/Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 1.2.3\nappVersion: none\n",
    "charts/widgets/values.yaml": values,
    "charts/widgets/templates/app.yaml": template,
  });
  return { project, app, widgets, registry };
}

/** The same in one unit, committed at v1.2.3. */
async function oneUnit(chart: object = {}, keys: (project: Project) => object = () => ({ signing: "off" })) {
  const parts = await pinnedProject(chart);
  const { project, app, widgets } = parts;
  await project.configure({ repository: project.fullName, images: [app], charts: [widgets], ...keys(project) });
  await project.commit("v1.2.3");
  return parts;
}

/** The image in one unit, the chart in another. */
async function twoUnits() {
  const parts = await pinnedProject();
  const { project, app, widgets } = parts;
  await project.configure({
    repository: project.fullName,
    units: [
      // The chart's unit comes first: the order of the configuration is not that of the graph.
      { name: "charts", charts: [widgets], signing: "off" },
      { name: "app", images: [app], signing: "off" },
    ],
  });
  return parts;
}

/** An `up` on a machine without state that does not fail, and whose builds push another image each time. */
async function up(project: Project, interruption?: Interruption): Promise<StackRun> {
  const stack = programStack((inputs) => {
    const [, path = ""] = /name=[^/]+\/([^,]+)/.exec(JSON.stringify(inputs)) ?? [];
    return registryClient(world.sandbox).pushImage(path, "", `${++builds}`);
  });
  const run = await stack.up(project, interruption);
  expect(run.stops, run.output).toBe(false);
  return run;
}

/** What is published of a chart: its files, its digest, and the Release with its record. */
async function published(project: Project, repository: string, gitTag = "v1.2.3") {
  const manifest = await getManifest(repository, "1.2.3");
  const [layer] = manifest ? readManifest(manifest.bytes).layers : [];
  const bytes = layer && (await getBlob(repository, layer.digest, { most: 2 ** 20 }));
  const files = bytes && (await unpackChart(bytes, 2 ** 20));
  const read = files && !("unreadable" in files) ? files : [];
  const answer = await githubClient(world.sandbox).get(`/repos/${project.fullName}/releases`);
  const found = (answer.body as unknown as ReleaseJson[]).find((one) => one.tag_name === gitTag);
  const asset = found?.assets.find(({ name }) => name === "lockstep.release.json");
  const headers = { accept: "application/octet-stream", authorization: `Bearer ${process.env["GITHUB_TOKEN"]}` };
  const text = asset ? await (await fetch(asset.url, { headers })).text() : "";
  return {
    digest: manifest?.digest,
    layer: layer?.digest,
    files: Object.fromEntries(read.map((file) => [file.path, Buffer.from(file.bytes).toString()])),
    release: found,
    record: readRecord(text),
    digestOf: (name: string) => found?.assets.find((one) => one.name === name)?.digest,
  };
}

const imageDigest = async (repository: string, tag = "1.2.3") => (await getManifest(repository, tag))?.digest ?? "none";

describe("release, when a chart pins an image of its unit", () => {
  it("packages the chart with the digest of the image that it has just pushed", async () => {
    const { project, app, widgets } = await oneUnit({ appVersion: "app" });
    const { created, units } = await up(project);
    const digest = await imageDigest(app.repository);
    const { files, record, layer, digestOf } = await published(project, widgets.repository);
    expect(files["values.yaml"]).toBe(values.replace("v0", '"1.2.3"').replace("digest:", `digest: "${digest}"`));
    expect(files["Chart.yaml"]).toContain('appVersion: "1.2.3"');
    expect(record?.artifacts["widgets"]).toMatchObject({
      buildInputs: layer?.slice("sha256:".length),
      pins: [
        { path: "image.digest", form: "digest", artifact: "app", version: "1.2.3", digest },
        { path: "image.tag", form: "tag", artifact: "app", version: "1.2.3", digest },
      ],
    });
    expect(record?.artifacts["app"]).not.toHaveProperty("pins");
    expect(digestOf("widgets-1.2.3.tgz")).toBe(layer);
    const { spec } = readSpec(project.configuration(), {});
    const [unit] = spec ? namedUnits(spec) : [];
    const findings = await inspect(inspectionQuestion(spec!, unit!, { version: "1.2.3", current: true }, []));
    expect(findings.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    expect(findings.map(({ promise }) => promise)).toEqual(
      expect.arrayContaining([
        `${widgets.repository}:1.2.3 names app 1.2.3 at image.digest, as digest`,
        `${widgets.repository}:1.2.3 names app 1.2.3 at image.tag, as tag`,
      ]),
    );
    expect([Object.values(units ?? {})[0]?.artifacts["widgets"]?.sourceHash, created.indexOf("tag/app@1.2.3")]).toEqual(
      [layer?.slice("sha256:".length), created.indexOf("tag/widgets@1.2.3") - 1],
    );
  });

  it("leaves the files of the work tree as they are", async () => {
    const { project } = await oneUnit();
    await up(project);
    expect(await project.git("status", "--porcelain")).toBe("");
  });

  it("takes both as they are on another machine, and writes nothing", async () => {
    const { project } = await oneUnit();
    await up(project);
    const mark = world.sandbox.journal.mark();
    const { created, units } = await up(project);
    expect(created.filter((name) => /^(chart|image|index)/.test(name))).toEqual([]);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    expect(Object.values(units ?? {})[0]?.artifacts["widgets"]?.how).toBe("adopted");
  });

  it.each([
    ["before any version tag", /^OciTag /],
    ["between the version tags", / tag\/widgets/],
    ["behind the version tags", /^GitTag /],
    ["before the Release", /^GitHubRelease /],
  ])("converges on another machine after a run that was cut off %s", async (_, cut) => {
    const { project, app, widgets } = await oneUnit();
    await up(project, { cut });
    await up(project);
    const { files, record, layer, digestOf, release: found } = await published(project, widgets.repository);
    const digest = await imageDigest(app.repository);
    expect(files["values.yaml"]).toContain(`digest: "${digest}"`);
    expect(record?.artifacts["widgets"]?.pins?.[0]?.digest).toBe(digest);
    expect([digestOf("widgets-1.2.3.tgz"), found?.draft]).toEqual([layer, false]);
  });

  it("writes the version of the unit into Chart.yaml", async () => {
    const { project, widgets } = await oneUnit({ version: "unit" });
    await project.write({
      "charts/widgets/Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 0.0.0 # the unit's\n",
    });
    await project.git("tag", "--delete", "v1.2.3");
    await project.commit("v1.2.3");
    await up(project);
    const { files, release: found } = await published(project, widgets.repository);
    expect(files["Chart.yaml"]).toContain('version: "1.2.3" # the unit\'s');
    expect(found?.assets.map(({ name }) => name)).toContain("widgets-1.2.3.tgz");
  });

  it("attests the package that it has pushed, if the unit is signed", async () => {
    const { issuer, trustedRoot, signingConfig } = world.sandbox.sigstore;
    const { project, widgets } = await oneUnit({}, ({ folder }) => ({
      signing: { issuer, workflow },
      sigstore: { trustedRoot: relative(folder, trustedRoot), signingConfig: relative(folder, signingConfig) },
      githubAttestations: "off",
    }));
    signing.runAs(workflow, "refs/tags/v1.2.3", { repository: project.fullName });
    await up(project);
    const { digest, layer } = await published(project, widgets.repository);
    const { verified } = await findProofs(widgets.repository, digest!, {
      repository: project.fullName,
      identity: signing.identity({ repository: project.fullName }),
      sigstore: signing.instance(),
      wanted: undefined,
    });
    expect(verified.map(({ buildInputs }) => `sha256:${buildInputs}`)).toEqual([layer]);
    const { created } = await up(project);
    expect(created.filter((name) => /^(chart|image|index)/.test(name))).toEqual([]);
  });
});

describe("release, when a preview meets a pinned chart", () => {
  it("says that the package is known after the push, and writes nothing", async () => {
    const { project } = await oneUnit();
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programRun("preview", () => release(project.configuration()));
    expect([stops, world.sandbox.journal.writes(mark)], output).toEqual([false, []]);
    expect(output).toContain("chart widgets: build and push, package known after the push of app →");
    expect(output).toContain("    image.digest: digest of app 1.2.3\n    image.tag: tag of app 1.2.3");
    expect(output).toContain("with widgets-1.2.3.tgz, checksums.txt, lockstep.release.json");
  });

  it("warns of an image that Artifact Hub would show in another version", async () => {
    const { project, app } = await oneUnit();
    const metadata = "apiVersion: v2\nname: widgets\nversion: 1.2.3\nappVersion: none\n";
    const images = `annotations:\n  artifacthub.io/images: |\n    - image: ${app.repository}:1.2.2\n`;
    await project.write({ "charts/widgets/Chart.yaml": `${metadata}${images}` });
    await project.git("tag", "--delete", "v1.2.3");
    await project.commit("v1.2.3");
    const { output, stops } = await programRun("preview", () => release(project.configuration()));
    expect(stops, output).toBe(false);
    expect(output).toContain(
      `charts/widgets/Chart.yaml: annotations["artifacthub.io/images"] has ${app.repository}:1.2.2, but the chart is released with 1.2.3.`,
    );
  });

  it("shows a published one as published", async () => {
    const { project } = await oneUnit();
    await up(project);
    const { output } = await programRun("preview", () => release(project.configuration()));
    expect(output).toContain("already published: nothing to do");
    expect(output).not.toContain("known after");
  });
});

describe("release, when a chart pins an image of another unit", () => {
  it("waits for the image's digest and for its version tag", async () => {
    const { project, app, widgets } = await twoUnits();
    await project.commit("app-v1.2.3");
    await project.git("tag", "charts-v1.2.3");
    const { created } = await up(project);
    const digest = await imageDigest(app.repository);
    const { record } = await published(project, widgets.repository, "charts-v1.2.3");
    expect(record?.artifacts["widgets"]?.pins?.map((pin) => pin.digest)).toEqual([digest, digest]);
    expect(created.indexOf("tag/app@1.2.3")).toBeLessThan(created.indexOf("chart/widgets@1.2.3"));
  });

  it("pins the last published version of a unit that is not in the run", async () => {
    const { project, app, widgets } = await twoUnits();
    await project.commit("app-v2.0.0");
    await up(project);
    await project.git("commit", "--allow-empty", "-m", "next");
    await project.commit("charts-v1.2.3");
    const { created } = await up(project);
    expect(created.filter((name) => name.includes("app@"))).toEqual([]);
    const { record, files } = await published(project, widgets.repository, "charts-v1.2.3");
    const digest = await imageDigest(app.repository, "2.0.0");
    expect(files["values.yaml"]).toContain(`tag: "2.0.0"\n  digest: "${digest}"`);
    expect(record?.artifacts["widgets"]?.pins?.[0]).toMatchObject({ version: "2.0.0", digest });
  });

  it("refuses an image that has no published version, before anything is written", async () => {
    const { project } = await twoUnits();
    await project.commit("charts-v1.2.3");
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain(
      'charts: charts[0].pins.image.digest = "app": is not released in this run, and app has no published stable version to pin',
    );
  });

  it("leaves a published chart as it is when there is a newer image, and says so", async () => {
    const { project, app, widgets } = await twoUnits();
    await project.commit("app-v1.2.3");
    await project.git("tag", "charts-v1.2.3");
    await up(project);
    const before = await published(project, widgets.repository, "charts-v1.2.3");
    await project.git("tag", "--delete", "app-v1.2.3");
    await project.git("tag", "app-v1.3.0");
    const { output, created } = await up(project);
    expect(created).toContain("tag/app@1.3.0");
    expect(await imageDigest(app.repository, "1.3.0")).not.toBe(await imageDigest(app.repository));
    expect(output).toContain(
      "widgets 1.2.3 is published with app 1.2.3 and stays as it is. The chart's next version will have app 1.3.0.",
    );
    const after = await published(project, widgets.repository, "charts-v1.2.3");
    expect([after.digest, after.record]).toEqual([before.digest, before.record]);
  });
});

describe("release, when an app and its chart are called the same", () => {
  it("releases both in one run, the chart of the set under a name of its own", async () => {
    const { project, app, registry } = await pinnedProject();
    const repository = `${registry}/widgets`;
    await project.configure({
      repository: project.fullName,
      name: "widgets",
      images: [{ repository, platforms: app.platforms }],
      charts: {
        path: "charts/*",
        repository: `${registry}/charts/{name}`,
        pins: { widgets: { "image.digest": { image: "widgets", form: "digest" } } },
      },
      signing: "off",
    });
    await project.commit("v1.2.3");
    const { created, units } = await up(project);
    expect(created.filter((name) => /^(chart|tag|git-tag|release)/.test(name)).toSorted()).toEqual([
      "chart/widgets-chart@1.2.3",
      "git-tag/widgets-chart@1.2.3",
      "git-tag/widgets@1.2.3",
      "release/widgets-chart@1.2.3",
      "release/widgets@1.2.3",
      "tag/widgets-chart@1.2.3",
      "tag/widgets@1.2.3",
    ]);
    expect([new Set(created).size, Object.keys(units ?? {})]).toEqual([created.length, ["widgets", "widgets-chart"]]);
    const { record, release: found } = await published(project, `${registry}/charts/widgets`, "widgets-v1.2.3");
    expect([found?.name, record?.unit, record?.artifacts["widgets-chart"]?.pins?.[0]]).toEqual([
      "widgets: v1.2.3",
      "widgets-chart",
      expect.objectContaining({ artifact: "widgets", digest: await imageDigest(repository) }),
    ]);
    // On another machine both are as they were.
    const mark = world.sandbox.journal.mark();
    await up(project);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
});

describe("release, when a pin has no place", () => {
  it.each([
    ["a path that is not there", { "image.sha": pins["image.digest"] }, "values.yaml: image.sha: does not exist"],
    ["a map", { image: pins["image.digest"] }, "values.yaml: image: is a map, not one value"],
  ])("refuses %s, before anything is written", async (_, wrong, said) => {
    const { project } = await oneUnit({ pins: wrong });
    const mark = world.sandbox.journal.mark();
    const { output, stops, registered } = await programRun("up", () => release(project.configuration()));
    expect([stops, registered, world.sandbox.journal.writes(mark)]).toEqual([true, [], []]);
    expect(output).toContain(`charts/widgets/${said}`);
  });
});

describe("release, when it is not shown that a pin has an effect", () => {
  it("refuses a value that no template uses, before anything is written", async () => {
    const { project } = await oneUnit();
    await project.write({ "charts/widgets/templates/app.yaml": template.replace("@{{ .Values.image.digest }}", "") });
    await project.git("tag", "--delete", "v1.2.3");
    await project.commit("v1.2.3");
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programRun("up", () => release(project.configuration()));
    expect([stops, world.sandbox.journal.writes(mark)]).toEqual([true, []]);
    expect(output).toContain(
      "charts/widgets/values.yaml: image.digest: is pinned as `digest`, and nothing that helm renders",
    );
  });

  it.each(["up", "preview"] as const)("says in `%s` that helm is missing, and only `up` stops", async (kind) => {
    useNoHelm();
    const { project } = await oneUnit();
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programRun(kind, () => release(project.configuration()));
    expect([stops, world.sandbox.journal.writes(mark)]).toEqual([kind === "up", []]);
    expect(output).toContain("charts/widgets");
    expect(output).toContain("pins images, and without helm nothing shows that its templates use the pinned values");
  });
});

describe("release, when the pins of a published chart are changed", () => {
  /** A signed chart with a version of its own, published with the image of another unit. */
  async function publishedChart() {
    const parts = await pinnedProject();
    const { project, app, widgets } = parts;
    const { issuer, trustedRoot, signingConfig } = world.sandbox.sigstore;
    const roots = {
      trustedRoot: relative(project.folder, trustedRoot),
      signingConfig: relative(project.folder, signingConfig),
    };
    const charts = { name: "charts", version: "1.2.3", signing: { issuer, workflow } };
    const pinned = (now: object): Promise<void> =>
      project.configure({
        repository: project.fullName,
        units: [
          { name: "app", images: [app], signing: "off" },
          { ...charts, charts: [{ ...widgets, pins: now }] },
        ],
        sigstore: roots,
      });
    await pinned(pins);
    await project.commit("app-v1.2.3");
    signing.runAs(workflow, "refs/tags/app-v1.2.3", { repository: project.fullName });
    await up(project);
    return { project, pinned, repository: widgets.repository };
  }

  it("refuses them under the same version, and writes nothing", async () => {
    const { project, pinned } = await publishedChart();
    await pinned({ "image.digest": pins["image.digest"] });
    const mark = world.sandbox.journal.mark();
    const { output, stops } = await programRun("up", () => release(project.configuration()));
    expect([stops, world.sandbox.journal.writes(mark)]).toEqual([true, []]);
    expect(output).toContain("TAG_CONFLICT");
  });

  it("changes nothing if the package is the same with fewer of them, or none", async () => {
    const { project, pinned, repository } = await publishedChart();
    const { files } = await published(project, repository, "charts-v1.2.3");
    const whole = files["values.yaml"] ?? "";
    for (const [text, now] of [
      [whole.replace(/digest: .*/, "digest: none"), { "image.digest": pins["image.digest"] }],
      [whole, {}],
    ] as const) {
      await project.write({ "charts/widgets/values.yaml": text });
      await pinned(now);
      await project.commit();
      const mark = world.sandbox.journal.mark();
      const { created, output } = await up(project);
      const pushed = created.filter((name) => name.startsWith("chart/"));
      expect([world.sandbox.journal.writes(mark), pushed], output).toEqual([[], []]);
    }
  });
});
