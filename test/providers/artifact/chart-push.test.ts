import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getBlob, getManifest, putManifest } from "../../../clients/registry/registry.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import type { Digest } from "../../../formats/artifact/manifest.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import { unpackChart } from "../../../formats/chart/package/chart-archive.ts";
import { keepDependencies } from "../../../packaging/kept-dependencies.ts";
import { packageChart } from "../../../packaging/packaged-chart.ts";
import { unknownInput } from "../../../providers/host/unknown-input.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { appChart, writeFiles } from "../../observe/source/artifact/chart-on-disk.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { useVariables } from "../../support/helm-on-path.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox({ allowDelete: true });
const host = engineHost("chart-push");
const stamps = { created: "2026-01-15T12:00:00Z", source: "https://github.com/acme/app", revision: "a".repeat(40) };

let root: string;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "chart-push-test-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A chart in a folder of its own, and where it goes: a repository that no other test has. */
async function planned() {
  const path = join(root, String(++number), "app");
  await writeFiles(path, appChart);
  const { chart } = await packageChart(path);
  const { repository, name } = world.image();
  return { path, name, repository, inputs: { repository, path, layer: computeDigest(chart?.bytes ?? ""), stamps } };
}

/** Methods and answers of what was written since a mark. */
const writes = (mark: number): number[] =>
  world.sandbox.journal.writes(mark, { method: "PUT" }).map((one) => one.status);

async function lose(name: string, digest: string): Promise<void> {
  const client = registryClient(world.sandbox);
  const token = await client.bearer([`repository:${name}:pull,push`]);
  await client.send("DELETE", `/v2/${name}/manifests/${digest}`, token);
}

async function putTag(repository: string, tag: string, digest: string): Promise<void> {
  const manifest = await getManifest(repository, digest);
  if (manifest !== undefined) {
    await putManifest(repository, tag, manifest);
  }
}

describe("chartPushProvider, when a chart is pushed", () => {
  it("stands in the registry under its digest, as helm would have pushed it", async () => {
    const { inputs, repository } = await planned();
    const digest = String((await host.create(inputs)).outs["digest"]);
    const manifest = await getManifest(repository, digest);
    expect(manifest?.mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    const { annotations, layers } = readManifest(manifest?.bytes ?? Buffer.alloc(0));
    expect(layers).toEqual([
      {
        mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        digest: inputs.layer,
        size: expect.any(Number),
      },
    ]);
    expect(annotations).toEqual({
      "org.opencontainers.image.created": stamps.created,
      "org.opencontainers.image.revision": stamps.revision,
      "org.opencontainers.image.source": stamps.source,
      "org.opencontainers.image.title": "app",
      "org.opencontainers.image.version": "1.2.3",
    });
  });

  it("has the package in the registry, byte for byte", async () => {
    const { inputs, path, repository } = await planned();
    await host.create(inputs);
    const { chart } = await packageChart(path);
    expect(await getBlob(repository, computeDigest(chart?.bytes ?? ""), { most: 2 ** 20 })).toEqual(chart?.bytes);
  });

  it("writes no tag", async () => {
    const { inputs, name } = await planned();
    await host.create(inputs);
    const client = registryClient(world.sandbox);
    const answer = await client.send("GET", `/v2/${name}/tags/list`, await client.bearer([`repository:${name}:pull`]));
    expect(((await answer.json()) as { tags: string[] | null }).tags ?? []).toEqual([]);
  });

  it("writes nothing the second time", async () => {
    const { inputs } = await planned();
    const first = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    expect((await host.create(inputs)).outs["digest"]).toBe(first.outs["digest"]);
    expect(writes(mark)).toEqual([]);
  });

  it("completes a push that was cut off before the manifest, and sends no blob again", async () => {
    const { inputs, name } = await planned();
    const { outs } = await host.create(inputs);
    await lose(name, String(outs["digest"]));
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual([201]);
  });

  it("pushes another manifest beside the first for another commit", async () => {
    const { inputs, repository } = await planned();
    const first = await host.create(inputs);
    const other = { ...inputs, stamps: { ...stamps, revision: "b".repeat(40) } };
    const second = await host.update({ ...inputs, ...first.outs }, other);
    expect(second.outs["digest"]).not.toBe(first.outs["digest"]);
    expect(await getManifest(repository, String(first.outs["digest"]))).toBeDefined();
  });
});

describe("chartPushProvider, when a chart pins an image", () => {
  /** A chart with a place for a digest, and the inputs that write one there. */
  async function pinned() {
    const { path, repository, inputs } = await planned();
    await writeFiles(path, {
      "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: none\n",
      "values.yaml": "image:\n  digest:\n",
    });
    const layer = (await packageChart(path)).chart?.folderDigest;
    const pin = { path: "image.digest", form: "digest" as const, repository: "ghcr.io/acme/app", tag: "2.0.0" };
    const pins = [{ ...pin, digest: `sha256:${"b".repeat(64)}` }];
    return { path, repository, inputs: { ...inputs, layer, pins, versions: { appVersion: "2.0.0" } } };
  }

  it("writes it into the values before it packages them, and says what the package is", async () => {
    const { inputs, path, repository } = await pinned();
    const packed = (await packageChart(path, inputs)).chart!.bytes;
    const { outs } = await host.create(inputs);
    const { layers } = readManifest((await getManifest(repository, String(outs["digest"])))!.bytes);
    const bytes = await getBlob(repository, computeDigest(packed), { most: 2 ** 20 });
    const files = await unpackChart(bytes!, 2 ** 20);
    const texts = "unreadable" in files ? [] : files.map((file) => Buffer.from(file.bytes).toString());
    expect(texts).toContain(`image:\n  digest: "sha256:${"b".repeat(64)}"\n`);
    expect(texts).toContain('apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: "2.0.0"\n');
    expect([`sha256:${String(outs["packageSha256"])}`, outs["packageSize"]]).toEqual([
      layers[0]!.digest,
      bytes!.length,
    ]);
  });

  it("has the new appVersion in the config that helm reads", async () => {
    const { inputs, repository } = await pinned();
    const { outs } = await host.create(inputs);
    const manifest = JSON.parse(String((await getManifest(repository, String(outs["digest"])))!.bytes)) as {
      config: { digest: Digest };
    };
    const config = await getBlob(repository, manifest.config.digest, { most: 2 ** 20 });
    expect(JSON.parse(String(config))).toMatchObject({ version: "1.2.3", appVersion: "2.0.0" });
  });

  it("leaves the folder as it is, and makes the same again", async () => {
    const { inputs, path } = await pinned();
    const first = await host.create(inputs);
    expect((await packageChart(path)).chart?.folderDigest).toBe(inputs.layer);
    const mark = world.sandbox.journal.mark();
    expect((await host.create(inputs)).outs).toEqual(first.outs);
    expect(writes(mark)).toEqual([]);
  });

  it("pushes another manifest for another digest", async () => {
    const { inputs } = await pinned();
    const first = await host.create(inputs);
    const pins = inputs.pins.map((pin) => ({ ...pin, digest: `sha256:${"c".repeat(64)}` }));
    expect((await host.create({ ...inputs, pins })).outs["digest"]).not.toBe(first.outs["digest"]);
  });

  it("says again what the package was when it is read", async () => {
    const { inputs } = await pinned();
    const { outs } = await host.create(inputs);
    const { props } = await host.read({ ...inputs, ...outs });
    expect(props).toMatchObject({ packageSha256: outs["packageSha256"], packageSize: outs["packageSize"] });
  });

  it("takes a digest that is not known yet, in a preview", async () => {
    const { inputs } = await pinned();
    const unknown = inputs.pins.map((pin) => ({ ...pin, digest: unknownInput }));
    expect((await host.check({ ...inputs, pins: unknown })).failures).toEqual([]);
    const wrong = inputs.pins.map((pin) => ({ ...pin, digest: "sha256:1" }));
    expect((await host.check({ ...inputs, pins: wrong })).failures.map(({ property }) => property)).toEqual([
      "pins[0].digest",
    ]);
  });

  it("refuses a value whose place is gone, and writes nothing", async () => {
    const { inputs, path } = await pinned();
    await writeFile(join(path, "values.yaml"), "image: {}\n");
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, writes(mark)]).toEqual(["ASSET_CONFLICT", []]);
    expect(error.message).toContain("values.yaml: image.digest: does not exist");
  });
});

describe("chartPushProvider, when helm brought the dependencies", () => {
  it("pushes the planned package, of which the folder has only a part", async () => {
    useVariables({ XDG_CACHE_HOME: join(root, "cache") });
    const { inputs, path } = await planned();
    const base = { path: "charts/base/Chart.yaml", bytes: Buffer.from("apiVersion: v2\nname: base\nversion: 1.0.0\n") };
    await writeFile(
      join(path, "Chart.yaml"),
      "apiVersion: v2\nname: app\nversion: 1.2.3\ndependencies: [{name: base, version: 1.0.0}]\n",
    );
    const built = await packageChart(path, {}, async () => ({ charts: [base], mistakes: [] }));
    expect(built.mistakes).toEqual([]);
    const layer = built.chart!.folderDigest;
    expect((await releaseErrorOf(host.create({ ...inputs, layer }))).message).toContain("is not in charts/");
    await keepDependencies(path, [base]);
    const { outs } = await host.create({ ...inputs, layer });
    expect(`sha256:${String(outs["packageSha256"])}`).toBe(layer);
    await keepDependencies(path, [{ ...base, bytes: Buffer.from("apiVersion: v2\nname: base\nversion: 1.0.0\n#\n") }]);
    const changed = await releaseErrorOf(host.create({ ...inputs, layer }));
    expect([changed.code, changed.message]).toEqual([
      "ASSET_CONFLICT",
      expect.stringContaining(`had the package ${layer} when the release began`),
    ]);
  });
});

describe("chartPushProvider, when the folder has changed since the plan", () => {
  it.each([
    ["has other bytes", "values.yaml", "replicas: 2\n", "had the package sha256:"],
    ["is no chart any more", "Chart.yaml", "name: 1\n", "cannot be packaged now"],
  ])("refuses one that %s, and writes nothing", async (_, file, text, words) => {
    const { inputs, path } = await planned();
    await writeFile(join(path, file), text);
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, writes(mark)]).toEqual(["ASSET_CONFLICT", []]);
    expect(error.message).toContain(words);
  });

  it("refuses one that is gone", async () => {
    const { inputs, path } = await planned();
    await rm(path, { recursive: true });
    const error = await releaseErrorOf(host.create(inputs));
    expect(error.code).toBe("ASSET_CONFLICT");
    expect(error.message).toContain("the folder: is gone");
  });
});

describe("chartPushProvider, when a chart is read", () => {
  it("is the same whatever is in the folder now", async () => {
    const { inputs, path } = await planned();
    const { outs } = await host.create(inputs);
    await rm(path, { recursive: true });
    const read = await host.read({ ...inputs, ...outs });
    expect([read.props?.["digest"], read.inputs]).toEqual([outs["digest"], expect.objectContaining(inputs)]);
  });

  it("is found by its version tag with one request, and by its digest if the tag is gone or names another", async () => {
    const { inputs, repository } = await planned();
    const { outs } = await host.create(inputs);
    const tagged = { ...inputs, ...outs, tag: "1.0.0" };
    const requests = async (): Promise<string[]> => {
      const mark = world.sandbox.journal.mark();
      expect((await host.read(tagged)).id).toBe("id");
      return world.sandbox.journal
        .since(mark, { door: "registry" })
        .map(({ method, path }) => `${method} ${path.replace(/.*\//, "")}`);
    };
    expect(await requests()).toEqual(["GET 1.0.0", `HEAD ${String(outs["digest"])}`]);
    const other = await host.create({ ...inputs, stamps: { ...stamps, revision: "b".repeat(40) } });
    await putTag(repository, "1.0.0", String(other.outs["digest"]));
    expect(await requests()).toEqual(["GET 1.0.0", `HEAD ${String(outs["digest"])}`]);
    await putTag(repository, "1.0.0", String(outs["digest"]));
    expect(await requests()).toEqual(["GET 1.0.0"]);
  });
  it("is gone if its manifest is", async () => {
    const { inputs, name } = await planned();
    const { outs } = await host.create(inputs);
    await lose(name, String(outs["digest"]));
    expect((await host.read({ ...inputs, ...outs })).id).toBeFalsy();
  });
});
