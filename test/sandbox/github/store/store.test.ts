import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../../sandbox/github/store/disk-store.ts";
import { makeMemoryStore } from "../../../../sandbox/github/store/memory-store.ts";
import { hasBytes } from "../../../../sandbox/github/store/store.ts";
import type { AssetRecord, ReleaseRecord, Repository, Store } from "../../../../sandbox/github/store/store.ts";
import { digestOf } from "../../registry-client.ts";
import { settledInMicrotasks } from "../settled.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-"));
});
afterAll(() => rm(folder, { recursive: true }));

const kinds: [string, () => Promise<Store>][] = [
  ["on disk", () => openStore(folder)],
  ["in memory", async () => makeMemoryStore()],
];

async function* bodyOf(...chunks: (string | Error)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    if (typeof chunk !== "string") {
      throw chunk;
    }
    yield Buffer.from(chunk);
  }
}

async function readText({ assetBytes }: Repository, id: number): Promise<string> {
  return Buffer.concat(await assetBytes.read(id).toArray()).toString();
}

function releaseWith(id: number, ...assets: AssetRecord[]): ReleaseRecord {
  return { id, tag: `v${id}`, assets } as ReleaseRecord;
}

describe.each(kinds)("a store %s", (_, make) => {
  let store: Store;
  let repository: Repository;
  beforeAll(async () => {
    store = await make();
    repository = await store.create("acme", "widgets", {});
  });

  it("makes a repository that is public, empty, and on branch main", async () => {
    const { record, releases, git } = repository;
    expect(record).toMatchObject({
      owner: "acme",
      name: "widgets",
      private: false,
      defaultBranch: "main",
      latest: null,
    });
    expect([releases, await git.isEmpty()]).toEqual([[], true]);
  });

  it("finds a repository in any case, and none that was never made", () => {
    expect([store.find("ACME", "Widgets"), store.find("acme", "none")]).toEqual([repository, undefined]);
  });

  it("updates the fields of a repository that is made again", async () => {
    const again = await store.create("Acme", "widgets", { description: "Widgets" });
    expect([again === repository, repository.record.description]).toEqual([true, "Widgets"]);
  });

  it("makes a repository once for two simultaneous callers", async () => {
    const [one, other] = await Promise.all([store.create("acme", "twice", {}), store.create("acme", "twice", {})]);
    expect(one).toBe(other);
  });

  it("lists repositories, the oldest first", async () => {
    await store.create("acme", "a", {});
    expect(store.all().map(({ record }) => record.name)).toEqual(["widgets", "twice", "a"]);
  });

  it("gives growing numbers, also to simultaneous callers", async () => {
    const ids = await Promise.all([store.nextId(), store.nextId(), store.nextId()]);
    expect([...new Set(ids)].toSorted((a, b) => a - b)).toEqual(ids);
    expect(Math.min(...ids)).toBeGreaterThan(Math.max(...store.all().map(({ record }) => record.id)));
  });

  it("runs one change after the other, even after one that failed", async () => {
    const seen: string[] = [];
    const first = repository.exclusively(async () => {
      await undefined;
      seen.push("first");
      throw new Error("first");
    });
    const second = repository.exclusively(async () => seen.push("second"));
    await expect(first).rejects.toThrow("first");
    await second;
    expect(seen).toEqual(["first", "second"]);
  });

  it("keeps the bytes of a body, with size and digest", async () => {
    expect(await repository.assetBytes.write(1, bodyOf("hel", "lo"))).toEqual({ size: 5, digest: digestOf("hello") });
    expect([repository.assetBytes.has(1), await readText(repository, 1)]).toEqual([true, "hello"]);
  });

  it("has no bytes of a body before its end", async () => {
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const writing = repository.assetBytes.write(
      2,
      (async function* () {
        yield Buffer.from("half");
        begin();
        await end;
      })(),
    );
    await begun;
    expect(repository.assetBytes.has(2)).toBe(false);
    resolve();
    await writing;
    expect(repository.assetBytes.has(2)).toBe(true);
  });

  it("has nothing of a body that breaks off, and reports its error", async () => {
    await expect(repository.assetBytes.write(3, bodyOf("half", new Error("gone")))).rejects.toThrow("gone");
    await expect(repository.assetBytes.write(1, bodyOf("other", new Error("gone")))).rejects.toThrow("gone");
    expect([repository.assetBytes.has(3), await readText(repository, 1)]).toEqual([false, "hello"]);
  });

  it("replaces bytes, and removes them", async () => {
    await repository.assetBytes.write(4, bodyOf("old"));
    await repository.assetBytes.write(4, bodyOf("new"));
    expect(await readText(repository, 4)).toBe("new");
    await repository.assetBytes.remove(4);
    await repository.assetBytes.remove(4);
    expect(repository.assetBytes.has(4)).toBe(false);
  });

  it("fails to read bytes that are missing", async () => {
    await expect(readText(repository, 5)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("removes a release with the bytes of its assets, and no other", async () => {
    const asset = (id: number) => ({ id, state: "uploaded" }) as AssetRecord;
    const [kept, removed] = [releaseWith(10, asset(11)), releaseWith(20, asset(21))];
    for (const release of [removed, kept]) {
      repository.releases.push(release);
      await repository.saveRelease(release);
      await repository.assetBytes.write(release.id + 1, bodyOf("bytes"));
    }
    await repository.removeRelease(removed);
    expect(repository.releases).toEqual([kept]);
    expect([11, 21].map((id) => hasBytes(repository, asset(id)))).toEqual([true, false]);
    expect(hasBytes(repository, { ...asset(11), state: "starter" })).toBe(false);
  });
});

describe("a store in memory", () => {
  it("waits for nothing outside of the program", async () => {
    const store = makeMemoryStore();
    const all = async (): Promise<void> => {
      const repository = await store.create("acme", "widgets", {});
      await repository.saveRecord();
      await repository.saveRelease(releaseWith(await store.nextId()));
      await repository.exclusively(async () => repository.assetBytes.write(1, bodyOf("a", "b")));
      await repository.assetBytes.remove(1);
    };
    await settledInMicrotasks(all());
    expect(await store.nextId()).toBe(1003);
  });
});
