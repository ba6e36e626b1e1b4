import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findContent, keepContent } from "../../clients/content-cache.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";

const bytes = Buffer.from("the content");
const digest = computeDigest(bytes);
let folder = "";

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "lockstep-content-")), "cache");
  vi.stubEnv("LOCKSTEP_CONTENT_CACHE", folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(join(folder, ".."), { recursive: true, force: true });
});

const pathOf = (of: string): string => join(folder, of.replace("sha256:", ""));

describe("content cache", () => {
  it("finds what was kept, by its digest", async () => {
    await keepContent(bytes);
    expect(await findContent(digest)).toEqual(bytes);
    expect(await findContent(computeDigest("something else"))).toBeUndefined();
    expect(await readdir(folder)).toEqual([digest.replace("sha256:", "")]);
  });

  it("does not find bytes that someone else wrote under the digest", async () => {
    await keepContent(bytes);
    await writeFile(pathOf(digest), "other content");
    expect(await findContent(digest)).toBeUndefined();
    await keepContent(bytes);
    expect(await findContent(digest)).toEqual(bytes);
  });

  it.each(["sha512:00", "../../etc/passwd", "", `sha256:${"A".repeat(64)}`, `sha256:../${"0".repeat(61)}`])(
    "finds nothing under %j, which is not a sha256 digest",
    async (name) => {
      expect(await findContent(name)).toBeUndefined();
    },
  );

  it("marks what is found as used", async () => {
    await keepContent(bytes);
    const before = new Date("2026-01-01T00:00:00Z");
    await utimes(pathOf(digest), before, before);
    await findContent(digest);
    expect((await stat(pathOf(digest))).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it("keeps nothing, and finds nothing, without the variable", async () => {
    await keepContent(bytes);
    vi.stubEnv("LOCKSTEP_CONTENT_CACHE", "");
    await keepContent(Buffer.from("other"));
    expect(await findContent(digest)).toBeUndefined();
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("does without a folder that cannot be made", async () => {
    vi.stubEnv("LOCKSTEP_CONTENT_CACHE", "/dev/null/cache");
    await keepContent(bytes);
    expect(await findContent(digest)).toBeUndefined();
  });
});
