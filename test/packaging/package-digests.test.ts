import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownDigests } from "./real-charts/known-digests.ts";

const program = fileURLToPath(new URL("real-charts/pack.ts", import.meta.url));

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "package-digests-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Checks the charts out anew and packages them, in a process of its own. */
async function packIn(name: string, args: readonly string[], env: Record<string, string>): Promise<unknown> {
  const { stdout } = await execa(process.execPath, [program, join(root, name), ...args], { env });
  return JSON.parse(stdout);
}

describe("packageChart, in two checkouts of the same charts", () => {
  it("makes the bytes that it has always made, whatever times, modes, locale and time zone are", async () => {
    const [one, other] = await Promise.all([
      packIn("one", ["0022", "2026-01-02T03:04:05Z", "9"], { LC_ALL: "C", TZ: "UTC" }),
      packIn("other", ["0077", "1999-12-31T23:59:59Z", "1"], { LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" }),
    ]);
    expect(one).toEqual(knownDigests);
    expect(other).toEqual(knownDigests);
  });

  it("has really two that differ: in times, modes, and archives that were made anew", async () => {
    const [one, other] = await Promise.all(
      ["one", "other"].map(async (name) => {
        const { mode, mtime } = await stat(join(root, name, "migrations", "scripts", "migrate.sh"));
        const archive = await readFile(join(root, name, "billing", "charts", "common-1.4.0.tgz"));
        return { mode: mode & 0o777, time: mtime.toISOString(), archive: archive.toString("hex") };
      }),
    );
    expect([one!.mode, one!.time]).toEqual([0o755, "2026-01-02T03:04:05.000Z"]);
    expect([other!.mode, other!.time]).toEqual([0o700, "1999-12-31T23:59:59.000Z"]);
    expect(one!.archive).not.toBe(other!.archive);
  });
});
