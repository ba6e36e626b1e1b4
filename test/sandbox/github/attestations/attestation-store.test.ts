import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uncompress } from "snappyjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attestationsOf } from "../../../../sandbox/github/attestations/attestation-store.ts";
import type { AttestationStore } from "../../../../sandbox/github/attestations/attestation-store.ts";
import { openStore } from "../../../../sandbox/github/store/disk-store.ts";
import { makeMemoryStore } from "../../../../sandbox/github/store/memory-store.ts";
import type { Repository, Store } from "../../../../sandbox/github/store/store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attestation-store-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each<[string, () => Promise<Store>]>([
  ["on disk", () => openStore(folder)],
  ["in memory", async () => makeMemoryStore()],
])("the attestations of a repository %s", (_, make) => {
  let repository: Repository;
  let attestations: AttestationStore;
  const record = (id: number) => ({ id, digests: [`sha256:${id}`], predicateType: "https://example.com/type" });
  beforeAll(async () => {
    repository = await (await make()).create("acme", "widgets", {});
    attestations = await attestationsOf(repository);
    await attestations.add(record(1), { bundle: "one" });
    await attestations.add(record(2), { bundle: "two" });
  });

  it("are the same for every caller, the newest first", async () => {
    expect((await attestationsOf(repository)).all()).toEqual([record(2), record(1)]);
  });

  it("have their bundles, compressed", async () => {
    const [newest = record(0)] = attestations.all();
    const bytes = Buffer.concat(await attestations.bundle(newest).toArray());
    expect(JSON.parse(Buffer.from(uncompress(bytes)).toString())).toEqual({ bundle: "two" });
  });

  it("are gone when they are removed", async () => {
    const [newest = record(0)] = attestations.all();
    await attestations.remove(newest);
    expect(attestations.all()).toEqual([record(1)]);
  });
});
