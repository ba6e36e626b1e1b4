import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withHelm } from "../../packaging/helm/helm.ts";
import { packageChart } from "../../packaging/packaged-chart.ts";
import { ignoreCases } from "./ignore-cases.ts";
import { packageEntries } from "./package-entries.ts";
import { writeChart } from "./real-charts/real-chart.ts";

const checkout = { time: new Date("2026-03-01T12:34:56Z"), level: 9 };

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ignored-files-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const paths = async (bytes: Uint8Array): Promise<string[]> => [...(await packageEntries(bytes)).keys()].toSorted();

/** Packages made-up charts, each with a made-up .helmignore, in all that are charts to Lockstep. @returns paths by their folders */
async function packMadeUp(): Promise<Map<string, { ours: string[]; all: number }>> {
  const packed = new Map<string, { ours: string[]; all: number }>();
  for (const { chart, ignores } of ignoreCases(20_261_127, 120, 1)) {
    const folder = join(root, chart.name);
    const files = { ...chart.files, ".helmignore": ignores.join("") };
    await writeChart(folder, { ...chart, files }, checkout);
    const { chart: ours } = await packageChart(folder);
    if (ours !== undefined) {
      packed.set(folder, { ours: await paths(ours.bytes), all: Object.keys(files).length });
    }
  }
  return packed;
}

describe("packageChart, of charts with any .helmignore", () => {
  it("packages the files that helm packages", async () => {
    const packed = await packMadeUp();
    // One helm for all: it ends at the first chart that it refuses.
    const answer = await withHelm((helm) =>
      helm.run(["package", ...packed.keys(), "--destination", join(root, "helms")], { cwd: root }),
    );
    expect(answer).toMatchObject({ isDone: true });
    for (const [folder, { ours }] of packed) {
      const file = `${folder.slice(root.length + 1)}-1.0.0.tgz`;
      expect([folder, await paths(await readFile(join(root, "helms", file)))]).toEqual([folder, ours]);
    }
    // Enough of them have rules that leave something out.
    const reduced = [...packed.values()].filter(({ ours, all }) => ours.length < all);
    expect([packed.size > 60, reduced.length > 30]).toEqual([true, true]);
  });
});
