import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageControl } from "../../../../sandbox/github/packages/package-control.ts";
import type { SeededPackage } from "../../../../sandbox/github/packages/package-control.ts";
import { openPackageStore } from "../../../../sandbox/github/packages/package-store.ts";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

const seeds: SeededPackage[] = Array.from({ length: 5000 }, (_, index) => ({
  name: `acme/app-${index}`,
  repository: index % 2 === 0 ? "acme/widgets" : null,
  versions: [["1.0.0"], ["1.1.0", "latest"]],
}));

/** Processor time of the cheapest of some runs, in milliseconds: what the work takes, however busy the machine is. */
async function cheapest(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

describe("the sandbox's packages, when an organization has 5,000 packages", () => {
  let sandbox: Sandbox;
  let forget = async (): Promise<void> => undefined;
  const page = async (number: number, token: string): Promise<unknown[]> => {
    const query = `package_type=container&per_page=100&page=${number}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${sandbox.addresses.api}/orgs/acme/packages?${query}`, { headers });
    return (await answer.json()) as unknown[];
  };

  beforeAll(async () => {
    ({ sandbox, forget } = await temporarySandbox());
    await sandbox.github.createRepository("acme/widgets");
    sandbox.github.tokens.set("owner", { kind: "classic", login: "ada", scopes: ["read:packages"] });
    const roles = { acme: "read" } as const;
    sandbox.github.tokens.set("reader", { kind: "classic", login: "bob", scopes: ["read:packages"], roles });
  });
  afterAll(() => forget());

  it("makes them in less than a second", async () => {
    expect(await cheapest(3, () => sandbox.github.packages.seed(seeds))).toBeLessThan(1000);
  });
  it("lists all of them on 50 pages", async () => {
    const pages = await Promise.all(Array.from({ length: 51 }, (_, index) => page(index + 1, "owner")));
    expect(pages.map(({ length }) => length)).toEqual([...Array.from({ length: 50 }, () => 100), 0]);
  });
  it.each(["owner", "reader"])("lists a page for the %s in less than 20 ms", async (token) => {
    expect(await cheapest(25, () => page(17, token))).toBeLessThan(20);
  });
  it("counts one call a page", async () => {
    const mark = sandbox.journal.mark();
    await page(1, "owner");
    expect(sandbox.journal.since(mark)).toHaveLength(1);
  });
  it("kept to GitHub's description", () => {
    expect(sandbox.violations()).toEqual([]);
  });
});

describe("the sandbox's packages, when the table is opened again", () => {
  it("has everything, goes on counting, and passes over a torn last line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "packages-test-"));
    try {
      const first = await openPackageStore(folder);
      await packageControl(first).seed(seeds.slice(0, 3));
      await packageControl(first).set("acme/app-1", { visibility: "public", actions: { "acme/widgets": "write" } });
      await packageControl(first).setOwner("acme", { type: "organization", creation: { public: false } });
      await appendFile(join(folder, "packages.jsonl"), '{"id":5000001,"owner":"ac');
      const second = await openPackageStore(folder);
      expect(second.of("acme")).toEqual(first.of("acme"));
      expect(second.owner("ACME")).toEqual(first.owner("acme"));
      expect(second.nextId()).toBe(first.nextId());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
