import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullsOf } from "../../../../sandbox/github/pulls/pull-store.ts";
import { openStore } from "../../../../sandbox/github/store/disk-store.ts";
import { makeMemoryStore } from "../../../../sandbox/github/store/memory-store.ts";
import type { Store } from "../../../../sandbox/github/store/store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-store-"));
});
afterAll(() => rm(folder, { recursive: true }));

const fields = { title: "One", head: { ref: "one", sha: "1" }, base: { ref: "main", sha: "0" } };

describe.each<[string, () => Promise<Store>]>([
  ["on disk", () => openStore(folder)],
  ["in memory", async () => makeMemoryStore()],
])("the pull requests of a repository %s", (_, make) => {
  it("are numbered from one, and the same for every caller", async () => {
    const repository = await (await make()).create("acme", "widgets", {});
    const pulls = await pullsOf(repository);
    await pulls.add(7, fields);
    await pulls.add(8, { ...fields, mergedAs: "2" });
    expect((await pullsOf(repository)).all()).toMatchObject([
      { id: 7, number: 1, mergedAs: null, body: null },
      { id: 8, number: 2, mergedAs: "2" },
    ]);
    await expect(pulls.describe(3, "none")).rejects.toThrow("no pull request 3");
  });
});

describe("the pull requests of a repository on disk", () => {
  it("are there after a restart, as they were written last", async () => {
    const open = async () => pullsOf(await (await openStore(folder)).create("acme", "gadgets", {}));
    const pulls = await open();
    await pulls.add(9, fields);
    await pulls.describe(1, "New.");
    expect((await open()).all()).toEqual(pulls.all());
    expect(pulls.all()[0]?.body).toBe("New.");
  });
});
