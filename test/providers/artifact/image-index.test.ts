import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { getManifest, headManifest, putManifest } from "../../../clients/registry/registry.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { manifestType, registryClient } from "../../sandbox/registry-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox({ allowDelete: true });
const host = engineHost("image-index");

/** A repository with two manifests. This process is logged in to it, so that faults hit the requests themselves and no challenge. */
async function pushed() {
  const { repository, name } = world.image();
  const client = registryClient(world.sandbox);
  const [amd64, arm64] = [
    await client.pushImage(name, "a", `a ${name}`),
    await client.pushImage(name, "b", `b ${name}`),
  ];
  const manifest = await getManifest(repository, amd64);
  await putManifest(repository, amd64, manifest ?? { bytes: Buffer.alloc(0), mediaType: manifestType });
  const manifests = [
    { platform: "linux/amd64", digest: amd64 },
    { platform: "linux/arm/v7", digest: arm64 },
  ];
  return { repository, name, amd64, arm64, inputs: { repository, manifests, annotations: { version: "1.2.3" } } };
}

interface IndexJson {
  schemaVersion: number;
  mediaType: string;
  annotations?: Record<string, string>;
  manifests: { mediaType: string; digest: string; size: number; platform: Record<string, string> }[];
}

const indexAt = async (repository: string, digest: string): Promise<IndexJson> =>
  JSON.parse((await getManifest(repository, digest))?.bytes.toString() ?? "null") as IndexJson;
const puts = (mark: number): number[] =>
  world.sandbox.journal.writes(mark, { method: "PUT" }).map(({ status }) => status);

/** Deletes a manifest, as a registry's clean-up does. */
async function lose(name: string, digest: string): Promise<void> {
  const client = registryClient(world.sandbox);
  const token = await client.bearer([`repository:${name}:pull,push`]);
  await client.send("DELETE", `/v2/${name}/manifests/${digest}`, token);
}

describe("imageIndexProvider, when platforms are joined", () => {
  it("stands in the registry under its digest", async () => {
    const { repository, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    const manifest = await getManifest(repository, String(outs["digest"]));
    expect([manifest?.mediaType, computeDigest(manifest?.bytes ?? "")]).toEqual([
      "application/vnd.oci.image.index.v1+json",
      outs["digest"],
    ]);
  });
  it("lists the platforms in order, with type and size of each", async () => {
    const { repository, amd64, arm64, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    const size = async (digest: string) => (await headManifest(repository, digest))?.size;
    expect((await indexAt(repository, String(outs["digest"]))).manifests).toEqual([
      {
        mediaType: manifestType,
        digest: amd64,
        size: await size(amd64),
        platform: { architecture: "amd64", os: "linux" },
      },
      {
        mediaType: manifestType,
        digest: arm64,
        size: await size(arm64),
        platform: { architecture: "arm", os: "linux", variant: "v7" },
      },
    ]);
  });
  it("carries the annotations", async () => {
    const { repository, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    expect((await indexAt(repository, String(outs["digest"]))).annotations).toEqual({ version: "1.2.3" });
  });
  it("has no annotations at all where there are none", async () => {
    const { repository, inputs } = await pushed();
    const { outs } = await host.create({ ...inputs, annotations: {} });
    expect(await indexAt(repository, String(outs["digest"]))).not.toHaveProperty("annotations");
  });
  it("makes no tag", async () => {
    const { name, inputs } = await pushed();
    await host.create(inputs);
    const client = registryClient(world.sandbox);
    const answer = await client.send("GET", `/v2/${name}/tags/list`, await client.bearer([`repository:${name}:pull`]));
    expect(((await answer.json()) as { tags: string[] }).tags.toSorted()).toEqual(["a", "b"]);
  });
  it("keeps inputs and digest in the state", async () => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    expect(outs).toEqual({ kind: "image-index", ...inputs, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  });
});

describe("imageIndexProvider, when the index is there", () => {
  it("has the same digest again", async () => {
    const { inputs } = await pushed();
    const [first, second] = [await host.create(inputs), await host.create(inputs)];
    expect(second).toEqual(first);
  });
  it("is not written again", async () => {
    const { inputs } = await pushed();
    await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(puts(mark)).toEqual([]);
  });
  it("stays beside the one that an update makes", async () => {
    const { repository, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await host.update(outs, { ...inputs, annotations: { version: "1.2.4" } });
    expect(await headManifest(repository, String(outs["digest"]))).toBeDefined();
  });
  it("is written once more where it was lost", async () => {
    const { repository, name, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await lose(name, String(outs["digest"]));
    await host.create(inputs);
    expect(await headManifest(repository, String(outs["digest"]))).toBeDefined();
  });
});

describe("imageIndexProvider, when a platform's manifest is lost", () => {
  it("is an error that names it, and only it", async () => {
    const { name, amd64, arm64, inputs } = await pushed();
    await lose(name, arm64);
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, error.message.includes(arm64), error.message.includes(amd64)]).toEqual([
      "DIGEST_GONE",
      true,
      false,
    ]);
  });
  it("writes nothing", async () => {
    const { name, arm64, inputs } = await pushed();
    await lose(name, arm64);
    const mark = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(inputs));
    expect(puts(mark)).toEqual([]);
  });
});

describe("imageIndexProvider, when the registry fails", () => {
  it.each([
    ["before", "reset"],
    ["after", "reset"],
    ["before", { status: 503 }],
    ["after", { status: 500 }],
  ] as const)("is there all the same (PUT, %s the effect, %j)", async (when, act) => {
    const { repository, inputs } = await pushed();
    world.sandbox.faults.add({ door: "registry", method: "PUT", path: /manifests/, when, act });
    const { outs } = await host.create(inputs);
    expect(await headManifest(repository, String(outs["digest"]))).toBeDefined();
  });
});

describe("imageIndexProvider, when the world is read", () => {
  it("is unchanged where the index is", async () => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: { kind: "image-index", ...inputs } });
  });
  it("is gone where the index is lost", async () => {
    const { name, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await lose(name, String(outs["digest"]));
    expect(await host.read(outs)).toEqual({});
  });
  it("is gone where a platform is lost", async () => {
    const { name, amd64, inputs } = await pushed();
    const { outs } = await host.create(inputs);
    await lose(name, amd64);
    expect(await host.read(outs)).toEqual({});
  });
  it.each([403, 500])("fails and keeps the state where the registry says %i", async (status) => {
    const { inputs } = await pushed();
    const { outs } = await host.create(inputs);
    for (const method of ["HEAD", "GET"]) {
      world.sandbox.faults.add({
        door: "registry",
        method,
        path: /manifests/,
        when: "before",
        times: Infinity,
        act: { status },
      });
    }
    expect((await releaseErrorOf(host.read(outs))).message).toContain(`status ${status}`);
  });
});
