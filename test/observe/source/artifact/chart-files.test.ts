import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockDigest } from "../../../../formats/chart/chart-lock.ts";
import { Dependencies } from "../../../../formats/chart/dependency.ts";
import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import { observeChart } from "../../../../observe/source/artifact/chart-files.ts";
import { seededRandom, shuffled } from "../../../formats/seeded-random.ts";
import { vendoredArchive } from "../../../formats/chart/package/chart-samples.ts";

let root = "";
let workspace = "";
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-chart-files-"));
});
beforeEach(() => {
  workspace = join(root, String(count++));
});
afterAll(() => rm(root, { recursive: true }));

const chartYaml = "apiVersion: v2\nname: app\nversion: 1.2.3\n";

/** How a chart gets to a disk. */
interface Checkout {
  /** Of its files, in seconds since 1970. */
  time: number;
  mode: number;
  umask: number;
  zone: string;
  /** Of the order in which they are made. */
  seed: number;
}

type Texts = Readonly<Record<string, string | Uint8Array>>;

/** Writes a chart to charts/app. */
async function write(files: Texts, folder = "charts/app"): Promise<void> {
  for (const [path, text] of Object.entries({ "Chart.yaml": chartYaml, ...files })) {
    const file = join(workspace, folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const observed = (folder = "charts/app") => observeChart(workspace, folder, "units[0].charts[0]");

/** Places and reasons of what is wrong with a chart. */
async function complaints(files: Texts, folder?: string): Promise<[string, string][]> {
  await write(files);
  const { found, mistakes } = await observed(folder);
  expect(found).toBeUndefined();
  return mistakes.map(({ path, reason }) => [path, reason]);
}

describe("observeChart, when a chart can be released", () => {
  it("has what Chart.yaml says, and the files of the package", async () => {
    await write({
      "values.yaml": "a: 1\n",
      "README.md": "# app\n",
      ".helmignore": "\ufeff*.md\n",
      "charts/a.tgz": (await vendoredArchive("a", "1.0.0")).bytes,
    });
    const { found, mistakes } = await observed();
    expect(mistakes).toEqual([]);
    expect(found?.metadata).toMatchObject({ name: "app", version: "1.2.3" });
    expect(found?.files.map(({ path }) => path)).toEqual([
      ".helmignore",
      "Chart.yaml",
      "values.yaml",
      "charts/a/Chart.yaml",
      "charts/a/templates/a.yaml",
    ]);
  });

  it.each(["charts/app", "./charts/app/", "charts//app"])("reads it from %s", async (folder) => {
    await write({ "Chart.yaml": `\ufeff${chartYaml}` });
    expect((await observed(folder)).mistakes).toEqual([]);
  });

  it("reads one at the top of the workspace, whatever that is called", async () => {
    await write({}, ".");
    const { found, mistakes } = await observed(".");
    expect([found?.metadata.name, mistakes]).toEqual(["app", []]);
  });

  it.each([
    ["v2", "Chart.yaml", "Chart.lock"],
    ["v1", "requirements.yaml", "requirements.lock"],
  ])("compares the dependencies of apiVersion %s with %s and %s", async (apiVersion, file, lockFile) => {
    const wanted = [{ name: "a", version: "^1.0.0", repository: "oci://registry.example" }];
    const chosen = [{ ...wanted[0], version: "1.1.0" }];
    const list = `dependencies: ${JSON.stringify(wanted)}\n`;
    const own = `apiVersion: ${apiVersion}\nname: app\nversion: 1.2.3\n`;
    const digest = lockDigest(Dependencies.parse(wanted), Dependencies.parse(chosen));
    await write({
      ...(file === "Chart.yaml" ? { "Chart.yaml": `${own}${list}` } : { "Chart.yaml": own, [file]: list }),
      [lockFile]: `digest: ${digest}\ndependencies: ${JSON.stringify(chosen)}\n`,
      "charts/a-1.1.0.tgz": (await vendoredArchive("a", "1.1.0")).bytes,
    });
    expect((await observed()).mistakes).toEqual([]);
    await write({
      ...(file === "Chart.yaml" ? { "Chart.yaml": `${own}${list}` } : { "Chart.yaml": own }),
      [lockFile]: `digest: sha256:0\ndependencies: ${JSON.stringify(chosen)}\n`,
    });
    expect((await observed()).mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      [`charts/app/${lockFile}`, `does not belong to the dependencies in ${file}`],
    ]);
  });
});

describe("observeChart, when there is no chart", () => {
  it.each([
    ["nothing", "charts/none", "does not exist"],
    ["a file", "charts/app/Chart.yaml", "is a file, not a folder"],
    ["a folder outside of the workspace", "..", "does not exist"],
  ])("says so of %s", async (_, folder, reason) => {
    await write({});
    expect(await observed(folder)).toEqual({
      found: undefined,
      mistakes: [{ path: "units[0].charts[0]", value: folder, reason, example: "`charts/app`" }],
    });
  });

  it("says so of a folder without Chart.yaml", async () => {
    await write({}, "charts/app/charts/sub");
    const { mistakes } = await observed("charts/app/charts");
    expect(mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["charts/app/charts/Chart.yaml", "does not exist"],
    ]);
  });

  it("says so if .helmignore leaves Chart.yaml out", async () => {
    expect(await complaints({ ".helmignore": "!keep.txt\n" })).toEqual([
      ["charts/app/Chart.yaml", "is left out by .helmignore, as everything is that a line with `!` does not match"],
    ]);
  });
});

describe("observeChart, when something is wrong", () => {
  it.each<[what: string, files: Texts, path: string, reason: string]>([
    ["Chart.yaml", { "Chart.yaml": chartYaml.replace("1.2.3", "1.10") }, "Chart.yaml: version", "is not text to helm"],
    [
      "another name than the folder's",
      { "Chart.yaml": chartYaml.replace("app", "other") },
      "Chart.yaml: name",
      "differs from the name of its folder, `app`",
    ],
    ["Chart.yaml that is not UTF-8", { "Chart.yaml": new Uint8Array([0xff]) }, "Chart.yaml", "is not UTF-8"],
    [".helmignore", { ".helmignore": "a\n**/b\n" }, ".helmignore: line 2", "has `**`"],
    [".helmignore that is not UTF-8", { ".helmignore": new Uint8Array([0xff]) }, ".helmignore", "is not UTF-8"],
    ["Chart.lock", { "Chart.lock": "[" }, "Chart.lock", "cannot be read as YAML"],
    ["Chart.lock that is not UTF-8", { "Chart.lock": new Uint8Array([0xff]) }, "Chart.lock", "is not UTF-8"],
    ["requirements.yaml with v2", { "requirements.yaml": "" }, "requirements.yaml", "belongs to `apiVersion: v1`"],
    [
      "a dependency that is missing",
      { "Chart.yaml": `${chartYaml}dependencies: [{name: a}]\n` },
      "Chart.yaml: dependencies[0]",
      "is not in charts/",
    ],
    ["charts/", { "charts/README.md": "" }, "charts/README.md", "is not a chart"],
    ["the size of a file", { large: new Uint8Array(5 * 2 ** 20 + 1) }, "large", "is larger than 5 MiB"],
  ])("reports %s", async (_, files, path, reason) => {
    expect(await complaints(files)).toEqual([[`charts/app/${path}`, expect.stringContaining(reason)]]);
  });

  it("reports everything at once, and nothing twice", async () => {
    await write({});
    await symlink("/etc/hostname", join(workspace, "charts/app/charts"));
    await symlink("gone", join(workspace, "charts/app/link"));
    const wrong = `${chartYaml.replace("1.2.3", "v1")}dependencies: [{name: a, version: ^1, repository: b}]\n`;
    const found = await complaints({ "Chart.yaml": wrong, ".helmignore": "[\n" });
    expect(found.map(([path]) => path)).toEqual([
      "charts/app/.helmignore: line 1",
      "charts/app/charts",
      "charts/app/link",
      "charts/app/Chart.yaml: version",
    ]);
  });

  it("does not report dependencies that another mistake keeps away", async () => {
    await mkdir(join(workspace, "charts/app/charts"), { recursive: true });
    await symlink("../../a.tgz", join(workspace, "charts/app/charts/a.tgz"));
    await writeFile(join(workspace, "charts/a.tgz"), "");
    const wanted = `${chartYaml}dependencies: [{name: a, version: ^1, repository: b}]\n`;
    expect(await complaints({ "Chart.yaml": wanted })).toEqual([
      ["charts/app/charts/a.tgz", "is a link that leads out of the chart's folder"],
    ]);
  });

  it("reports Chart.yaml once if it is a link that leads out", async () => {
    await mkdir(join(workspace, "charts/app"), { recursive: true });
    await writeFile(join(workspace, "Chart.yaml"), chartYaml);
    await symlink("../../Chart.yaml", join(workspace, "charts/app/Chart.yaml"));
    expect((await observed()).mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["charts/app/Chart.yaml", "is a link that leads out of the chart's folder"],
    ]);
  });
});

describe("observeChart and packChart, of two checkouts of one chart", () => {
  const path = fc
    .array(fc.stringMatching(/^[a-z]{1,6}$|^\.x$|^Ü b$/), { minLength: 1, maxLength: 3 })
    .map((parts) => `files/${parts.join("/")}.txt`);
  const chart = fc.dictionary(path, fc.string({ maxLength: 400 }), { maxKeys: 8 });
  const checkout = fc.record({
    time: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    mode: fc.constantFrom(0o600, 0o644, 0o755, 0o777),
    umask: fc.constantFrom(0o000, 0o022, 0o077),
    zone: fc.constantFrom("UTC", "Asia/Tokyo", "America/St_Johns"),
    seed: fc.nat(),
  });
  const { TZ: zone } = process.env;
  afterAll(() => setZone(zone));

  it("have the same bytes, whatever times, modes, umask, order of creation and time zone they have", async () => {
    const archive = (await vendoredArchive("a", "1.0.0")).bytes;
    await fc.assert(
      fc.asyncProperty(chart, checkout, checkout, async (files, one, other) => {
        const all = { "Chart.yaml": chartYaml, "charts/a-1.0.0.tgz": archive, ...files };
        expect(await packed(all, one)).toEqual(await packed(all, other));
      }),
      { numRuns: 40 },
    );
  });

  async function packed(files: Texts, { time, mode, umask, zone: where, seed }: Checkout) {
    workspace = join(root, String(count++));
    setZone(where);
    const before = process.umask(umask);
    try {
      await write(Object.fromEntries(shuffled(Object.entries(files), seededRandom(seed))));
    } finally {
      process.umask(before);
    }
    for (const name of Object.keys(files)) {
      await chmod(join(workspace, "charts/app", name), mode);
      await utimes(join(workspace, "charts/app", name), time, time);
    }
    const { found, mistakes } = await observed();
    expect(mistakes).toEqual([]);
    return packChart(found?.metadata.name ?? "", found?.files ?? []);
  }
});

function setZone(zone: string | undefined): void {
  if (zone === undefined) {
    delete process.env["TZ"];
  } else {
    process.env["TZ"] = zone;
  }
}
