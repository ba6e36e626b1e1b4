import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { gitHub } from "../../../../clients/github/github.ts";
import {
  findAssetSha256,
  readAssetText,
  deleteAsset,
  uploadAsset,
} from "../../../../clients/github/release/release-assets.ts";
import type { AssetContent } from "../../../../clients/github/release/release-assets.ts";
import { listAssets } from "../../../../clients/github/release/releases.ts";
import { ServerRefusal } from "../../../../errors/server-refusal.ts";
import { connectedSandbox } from "../../connected-sandbox.ts";
import { failure } from "../../failure.ts";

const world = connectedSandbox();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assets-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function draft() {
  const { owner, repo } = await world.repository();
  const { data } = await gitHub().rest.repos.createRelease({ owner, repo, tag_name: "v1", draft: true });
  return { at: { owner, repo }, release: data };
}

const text = (name: string, content: string): AssetContent => ({
  name,
  size: Buffer.byteLength(content),
  source: { text: content },
});
const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
const unheard = (): void => undefined;

/** A file of `size` bytes that are not all alike. */
async function file(name: string, size: number): Promise<{ content: AssetContent; bytes: Buffer }> {
  const bytes = Buffer.alloc(size, `${name} `);
  await writeFile(join(folder, name), bytes);
  return { content: { name, size, source: { path: join(folder, name) } }, bytes };
}

describe("uploadAsset, when a text is uploaded", () => {
  it("is there with its bytes", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("notes.txt", "grüße\n"), unheard);
    expect(await readAssetText(at, asset)).toBe("grüße\n");
  });
  it.each([
    ["notes.txt", "text/plain; charset=utf-8"],
    ["record.json", "application/json"],
    ["install.yaml", "application/yaml"],
    ["chart.tgz", "application/gzip"],
    ["app.exe", "application/octet-stream"],
  ])("has a content type by its name: %s", async (name, type) => {
    const { release } = await draft();
    expect((await uploadAsset(release, text(name, "x"), unheard)).content_type).toBe(type);
  });
  it("tells the name that GitHub gave it", async () => {
    const { release } = await draft();
    expect((await uploadAsset(release, text("a b&c.txt", "x"), unheard)).name).toBe("a.b.c.txt");
  });
  it("is refused where the name is taken", async () => {
    const { release } = await draft();
    await uploadAsset(release, text("a.txt", "x"), unheard);
    const error = await failure(ServerRefusal, uploadAsset(release, text("a.txt", "y"), unheard));
    expect(error).toMatchObject({ status: 422, words: "Validation Failed: ReleaseAsset name already_exists" });
  });
  it("is sent once where the answer was lost", async () => {
    const { release } = await draft();
    const mark = world.sandbox.journal.mark();
    world.sandbox.faults.add({
      door: "github",
      method: "POST",
      path: /assets/,
      when: "after",
      times: Infinity,
      act: { status: 502 },
    });
    await failure(ServerRefusal, uploadAsset(release, text("a.txt", "x"), unheard));
    expect(world.sandbox.journal.writes(mark)).toHaveLength(1);
  });
});

describe("uploadAsset, when a file is uploaded", () => {
  it("is there with its bytes", async () => {
    const { at, release } = await draft();
    const { content, bytes } = await file("large.bin", 3_000_000);
    expect(await findAssetSha256(at, await uploadAsset(release, content, unheard))).toBe(sha256(bytes));
  });
  it("is told about as it goes, up to its size", async () => {
    const { release } = await draft();
    const { content } = await file("told.bin", 1_000_000);
    const told: number[] = [];
    await uploadAsset(release, content, (bytes) => told.push(bytes));
    expect([told.length > 5, told.toSorted((a, b) => a - b), told.at(-1)]).toEqual([true, told, 1_000_000]);
  });
  it("fails where it is shorter than was said", async () => {
    const { release } = await draft();
    const { content } = await file("short.bin", 1000);
    await expect(uploadAsset(release, { ...content, size: 2000 }, unheard)).rejects.toThrow();
  });
  it("names the file that is not there", async () => {
    const { release } = await draft();
    const content = { name: "gone.bin", size: 10, source: { path: join(folder, "gone.bin") } };
    await expect(uploadAsset(release, content, unheard)).rejects.toThrow("gone.bin");
  });
});

describe("assetSha256", () => {
  it("is GitHub's own without a download", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "content"), unheard);
    const mark = world.sandbox.journal.mark();
    expect([await findAssetSha256(at, asset), world.sandbox.journal.since(mark)]).toEqual([sha256("content"), []]);
  });
  it("is that of the bytes where GitHub tells none", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "content"), unheard);
    expect(await findAssetSha256(at, { ...asset, digest: null })).toBe(sha256("content"));
  });
});

describe("readAssetText, with a content cache", () => {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(folder, "cache-"));
    vi.stubEnv("LOCKSTEP_CONTENT_CACHE", cache);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("downloads nothing that was uploaded from here, or read before", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "uploaded"), unheard);
    const mark = world.sandbox.journal.mark();
    expect([await readAssetText(at, asset), world.sandbox.journal.since(mark)]).toEqual(["uploaded", []]);
    await rm(join(cache, sha256("uploaded")));
    await readAssetText(at, asset);
    await readAssetText(at, asset);
    expect(world.sandbox.journal.since(mark)).toHaveLength(1);
  });
  it("downloads what the cache has with other bytes", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "uploaded"), unheard);
    await writeFile(join(cache, sha256("uploaded")), "forged!!");
    expect(await readAssetText(at, asset)).toBe("uploaded");
  });
  it("downloads what GitHub names no digest of", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "uploaded"), unheard);
    const mark = world.sandbox.journal.mark();
    await readAssetText(at, { ...asset, digest: null });
    expect(world.sandbox.journal.since(mark)).toHaveLength(1);
  });
});

describe("deleteAsset", () => {
  it("is gone", async () => {
    const { at, release } = await draft();
    const asset = await uploadAsset(release, text("a.txt", "content"), unheard);
    await deleteAsset(at, asset.id);
    expect(await listAssets(at, release.id)).toEqual([]);
  });
});
