import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../../formats/artifact/digest.ts";
import { unpackChart } from "../../../../formats/chart/package/chart-archive.ts";
import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import type { ChartFile } from "../../../../formats/chart/package/chart-file.ts";

const file = (path: string, text = path): ChartFile => ({ path, bytes: Buffer.from(text) });

const small = [
  file("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.2.3\n"),
  file("values.yaml", "a: 1\n"),
  file("templates/a.yaml", "kind: A\n".repeat(500)),
];

/** The entries of a package: name, and the parts of the header that could differ between machines. */
async function entriesOf(files: readonly ChartFile[]) {
  const tar = gunzipSync(await packChart("app", files));
  const entries: { name: string; header: string }[] = [];
  for (let at = 0; (tar[at] ?? 0) !== 0;) {
    const field = (from: number, size: number): string =>
      tar.toString("latin1", at + from, at + from + size).replace(/\0.*$/s, "");
    const size = Number.parseInt(field(124, 12), 8);
    const header = [
      field(100, 8),
      field(108, 8),
      field(116, 8),
      field(136, 12),
      field(156, 1),
      field(257, 6),
      field(265, 64),
    ];
    entries.push({ name: field(0, 100), header: header.join("|") });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

describe("packChart", () => {
  it("has the bytes that it has always had: tar-stream and pako are part of the format", async () => {
    expect(computeDigest(await packChart("app", small))).toBe(
      "sha256:7ff58b9d38a35270da0babee3bdc5b729f98eaa8d83aa0472bc31da2fc18c549",
    );
  });

  it("has a gzip header without time, name and system", async () => {
    const bytes = await packChart("app", small);
    expect(bytes.subarray(0, 10).toString("hex")).toBe("1f8b08000000000000ff");
  });

  it("has files only, all with one mode, no owner and one time", async () => {
    const entries = await entriesOf(small);
    const header = `000644 |000000 |000000 |0${(315_532_800).toString(8)} |0|ustar|`;
    expect(entries).toEqual(
      ["app/Chart.yaml", "app/templates/a.yaml", "app/values.yaml"].map((name) => ({ name, header })),
    );
  });

  it("has Chart.yaml first, charts/ last, and everything else by its bytes", async () => {
    const paths = [
      "\u{1f680}",
      "\uff5e",
      "b",
      "a/b",
      "a-b",
      "charts/b/Chart.yaml",
      "charts/a/z",
      "charts.md",
      "z",
      "Chart.yaml",
      "A",
    ];
    const files = await unpackChart(
      await packChart(
        "app",
        paths.map((path) => file(path)),
      ),
      2 ** 20,
    );
    expect((files as ChartFile[]).map(({ path }) => path)).toEqual([
      "Chart.yaml",
      "A",
      "a-b",
      "a/b",
      "b",
      "charts.md",
      "z",
      "\uff5e",
      "\u{1f680}",
      "charts/a/z",
      "charts/b/Chart.yaml",
    ]);
  });

  it("drops byte order marks", async () => {
    expect(await packChart("app", [file("Chart.yaml", "\ufeffa")])).toEqual(
      await packChart("app", [file("Chart.yaml", "a")]),
    );
  });

  it("has other bytes for another name, path or content", async () => {
    const digests = await Promise.all([
      packChart("app", small),
      packChart("apq", small),
      packChart("app", [...small, file("empty", "")]),
      packChart("app", [...small.slice(0, 2), file("templates/a.yaml", "kind: B\n")]),
    ]);
    expect(new Set(digests.map((bytes) => bytes.toString("hex"))).size).toBe(4);
  });
});

describe("packChart, whatever the files are", () => {
  const part = fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/),
    fc.constantFrom("é", "図", "\u{1f680}", "a b", "x".repeat(101), ".hidden", "charts", "Chart.yaml"),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
  const files = fc
    .uniqueArray(fc.tuple(path, fc.uint8Array({ maxLength: 1500 })), { selector: ([name]) => name, maxLength: 12 })
    .filter((list) => list.length > 0)
    .map((list) => list.map(([name, bytes]): ChartFile => ({ path: name, bytes })));

  it("gives the same bytes in any order", async () => {
    await fc.assert(
      fc.asyncProperty(
        files.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        async ([one, other]) => {
          expect(await packChart("app", other)).toEqual(await packChart("app", one));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("packs what can be unpacked again", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const unpacked = (await unpackChart(await packChart("app", list), 2 ** 20)) as ChartFile[];
        const contents = (all: readonly ChartFile[]): string[] =>
          all
            .map(
              ({ path: name, bytes }) =>
                `${name} ${Buffer.from(bytes)
                  .toString("hex")
                  .replace(/^efbbbf/, "")}`,
            )
            .toSorted();
        expect(contents(unpacked)).toEqual(contents(list));
      }),
      { numRuns: 50 },
    );
  });
});
