import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { locateContentCache, trimContentCache } from "../../../commands/stack/content-cache.ts";

it("is in the checkout unless the environment names another folder", () => {
  expect(locateContentCache("/lockstep", {})).toBe("/lockstep/.content-cache");
  expect(locateContentCache("/lockstep", { LOCKSTEP_CONTENT_CACHE: "/cache" })).toBe("/cache");
});

it("loses what no run has used for 30 days, and nothing that is not its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-trim-"));
  const name = (digit: string): string => digit.repeat(64);
  const days = (count: number): Date => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
  const ages = {
    [name("a")]: 31,
    [name("b")]: 29,
    [`${name("c")}.0b9c1f7e-3a52-4f0e-9a57-0d1f4a3c2b10`]: 31,
    "someone's file": 31,
  };
  for (const [file, age] of Object.entries(ages)) {
    await writeFile(join(folder, file), "");
    await utimes(join(folder, file), days(age), days(age));
  }
  await trimContentCache(folder);
  expect((await readdir(folder)).toSorted()).toEqual([name("b"), "someone's file"]);
  await rm(folder, { recursive: true });
});

it("may not exist", async () => {
  await expect(trimContentCache(join(tmpdir(), "lockstep-no-such-cache"))).resolves.toBeUndefined();
});
