import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getBlob, getManifest, putManifest } from "../../../clients/registry/registry.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { readManifest } from "../../../formats/artifact/manifest.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox({ allowDelete: true });
const host = engineHost("artifact-hub-tag");
const tag = "artifacthub.io";

let root: string;
let number = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "artifact-hub-test-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Metadata in a file of its own, and a repository that no other test has. */
async function planned(text = "repositoryID: 0b1e2d3c-4f5a-6b7c-8d9e-0f1a2b3c4d5e\n") {
  const path = join(root, `${++number}.yml`);
  await writeFile(path, text);
  const { repository, name } = world.image();
  return { path, name, text, inputs: { repository, path, sha256: sha256Of(text) } };
}

const sha256Of = (text: string): string => computeDigest(text).slice("sha256:".length);
const changed = async ({ path, inputs }: Awaited<ReturnType<typeof planned>>, text = "owners: [{email: a@b.c}]\n") => {
  await writeFile(path, text);
  return { ...inputs, sha256: sha256Of(text) };
};
const writes = (mark: number): number[] =>
  world.sandbox.journal.writes(mark, { method: "PUT" }).map((one) => one.status);

/** The file that Artifact Hub would read. */
async function served(repository: string): Promise<string | undefined> {
  const { layers } = readManifest((await getManifest(repository, tag))?.bytes ?? Buffer.from("{}"));
  const layer = layers.find(({ mediaType }) => mediaType.includes("repository-metadata"));
  return layer && String(await getBlob(repository, layer.digest, { most: 2 ** 20 }));
}

describe("artifactHubTagProvider, when the tag is made", () => {
  it("serves the file, and is known by repository and tag", async () => {
    const { inputs, text } = await planned();
    const { id, outs } = await host.create(inputs);
    expect(await served(inputs.repository)).toBe(text);
    expect([id, outs["reference"]]).toEqual([`${inputs.repository}:${tag}`, `${inputs.repository}:${tag}`]);
  });

  it("is written once, and not a second time", async () => {
    const { inputs } = await planned();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual([201, 201, 201]);
    const again = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(world.sandbox.journal.writes(again)).toEqual([]);
  });

  it("keeps what oras pushed with the same file", async () => {
    const { inputs } = await planned();
    await host.create(inputs);
    const manifest = await getManifest(inputs.repository, tag);
    const byOras = { ...(JSON.parse(String(manifest?.bytes)) as object), annotations: { created: "today" } };
    await putManifest(inputs.repository, tag, {
      mediaType: manifest?.mediaType ?? "",
      bytes: Buffer.from(JSON.stringify(byOras)),
    });
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });

  it("moves when the file changes", async () => {
    const one = await planned();
    const { outs } = await host.create(one.inputs);
    const next = await changed(one);
    await host.update({ ...one.inputs, ...outs }, next);
    expect(await served(one.inputs.repository)).toBe("owners: [{email: a@b.c}]\n");
  });

  it("refuses a tag that names something else, and leaves it", async () => {
    const { inputs, name } = await planned();
    const digest = await registryClient(world.sandbox).pushImage(name, tag, "an image");
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(inputs));
    expect([error.code, world.sandbox.journal.writes(mark)]).toEqual(["TAG_CONFLICT", []]);
    expect(error.message).toContain(`${inputs.repository}:${tag} names ${digest}, which is not metadata`);
  });

  it("refuses a file that changed since the plan, and one that is gone", async () => {
    const one = await planned();
    await changed(one);
    const mark = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(one.inputs));
    expect([error.code, error.message]).toEqual(["ASSET_CONFLICT", expect.stringContaining("it has")]);
    await rm(one.path);
    expect((await releaseErrorOf(host.create(one.inputs))).message).toContain("is gone");
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });

  it("says so if another run writes at the same time", async () => {
    const [one, other] = [await planned(), await planned("owners: [{email: other@b.c}]\n")];
    const theirs = { ...other.inputs, repository: one.inputs.repository };
    await host.create(theirs);
    const manifest = await getManifest(one.inputs.repository, tag);
    world.sandbox.faults.add({
      door: "registry",
      method: "PUT",
      path: /manifests\/artifacthub\.io$/,
      when: "after",
      act: async () =>
        void (await putManifest(one.inputs.repository, tag, {
          mediaType: manifest?.mediaType ?? "",
          bytes: manifest?.bytes ?? Buffer.alloc(0),
        })),
    });
    const error = await releaseErrorOf(host.create(one.inputs));
    expect([error.code, error.message]).toEqual(["TAG_CONFLICT", expect.stringContaining("Another run wrote")]);
  });
});

describe("artifactHubTagProvider, when the tag is read", () => {
  it("is the same while the file is the same", async () => {
    const { inputs } = await planned();
    const { outs } = await host.create(inputs);
    const read = await host.read({ ...inputs, ...outs });
    expect(read.inputs).toEqual(expect.objectContaining(inputs));
  });

  it("shows what was put there by hand", async () => {
    const one = await planned();
    const { outs } = await host.create(one.inputs);
    const next = await changed(one);
    await host.create(next);
    expect((await host.read({ ...one.inputs, ...outs })).inputs?.["sha256"]).toBe(next.sha256);
  });

  it("is gone if the tag is", async () => {
    const { inputs } = await planned();
    expect((await host.read(inputs)).id).toBeFalsy();
  });

  it("is no other for another path of the same file", async () => {
    const { inputs } = await planned();
    expect(await host.diff(inputs, { ...inputs, path: "elsewhere.yml" })).toEqual({ changes: false });
  });
});
