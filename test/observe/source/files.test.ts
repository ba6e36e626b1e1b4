import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { observeFiles } from "../../../observe/source/files.ts";
import { appChart, writeFiles } from "./artifact/chart-on-disk.ts";
import { outlineOf } from "../../../config/release/outline.ts";

let workspace: string;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "lockstep-files-"));
  workspace = join(root, "workspace");
  await mkdir(join(workspace, "dist"), { recursive: true });
  await writeFile(join(root, "secret.txt"), "not for anybody");
  await writeFile(join(workspace, "dist", "app.tgz"), "the app");
  await writeFile(join(workspace, "dist", "empty.tgz"), "");
  for (const name of ["app.tgz.sig", "app.tgz.sigstore.json", "app.zip", "app.zip.sig", "app-1.2.3+5.tgz"]) {
    await writeFile(join(workspace, "dist", name), "something");
  }
  await writeFile(join(workspace, ".env.example"), "A=1");
  await writeFile(join(workspace, "a b (1).txt"), "spaces");
  await writeFile(join(workspace, "notes.md"), "# Notes");
  await writeFile(join(workspace, "huge.bin"), "");
  await writeFile(join(workspace, "app.spdx.json"), '{"spdxVersion":"SPDX-2.3"}');
  await writeFile(join(workspace, "three.spdx.json"), '{"spdxVersion":"SPDX-3.0"}');
  await writeFile(join(workspace, "app.cdx.json"), '{"bomFormat":"CycloneDX"}');
  await writeFile(join(workspace, "null.json"), "null");
  await writeFile(join(workspace, "large.spdx.json"), `{"spdxVersion":"SPDX-2.3","comment":"${"x".repeat(2 ** 24)}"}`);
  await mkdir(join(workspace, "names", "lower"), { recursive: true });
  for (const name of [
    "Read.txt",
    "lower/read.txt",
    "__proto__",
    "-",
    "-rf",
    "Checksums.txt",
    "Lockstep.Release.json.sigstore.json",
    "App.tgz.Sig",
  ]) {
    await writeFile(join(workspace, "names", name), name);
  }
  await truncate(join(workspace, "huge.bin"), 2 ** 31);
  await symlink("../../secret.txt", join(workspace, "dist", "link.txt"));
  await symlink("app.tgz", join(workspace, "dist", "inside.tgz"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const observed = (unit: object) =>
  observeFiles({ ...outlineOf({ units: [unit] }), workspace }, (path) => path.join("."));

describe("observeFiles, when an asset can be attached", () => {
  it.each([
    ["a file", "dist/app.tgz", "app.tgz"],
    ["a name with `+`", "dist/app-1.2.3+5.tgz", "app-1.2.3+5.tgz"],
    ["a link within the workspace", "dist/inside.tgz", "inside.tgz"],
  ])("takes %s", async (_, path, name) => {
    const { found: units, mistakes } = await observed({ assets: [{ path }] });
    expect([units[0]?.assets, mistakes]).toEqual([[{ path, name }], []]);
  });
});

describe("observeFiles, when an asset could not be attached", () => {
  it.each([
    ["an empty file", { path: "dist/empty.tgz" }, "is empty"],
    ["a file of 2 GiB", { path: "huge.bin" }, "is 2 GiB or larger"],
    ["a name that begins with a dot", { path: ".env.example" }, "has a name that GitHub would change"],
    ["a name with spaces", { path: "a b (1).txt" }, "has a name that GitHub would change"],
    ["a link that leads out of the workspace", { path: "dist/link.txt" }, "does not exist"],
    ["a glob that matches such a link only", { glob: "dist/*.txt" }, "matches no file"],
    ["a glob that leads out of the workspace", { glob: "{../*.txt,nothing}" }, "matches no file"],
    ["a file that is not there", { path: "gone.txt" }, "does not exist"],
    ["a name that is lost in JSON", { path: "names/__proto__" }, "has a name that programs lose"],
    ["a name for the standard input", { path: "names/-" }, "has a name that commands read as their standard input"],
    [
      "checksums.txt in other letter case",
      { path: "names/Checksums.txt" },
      "a file that Lockstep makes has `checksums.txt`",
    ],
    [
      "a made signature in other letter case",
      { path: "names/Lockstep.Release.json.sigstore.json" },
      "a file that Lockstep makes has",
    ],
  ])("says so of %s", async (_, asset, reason) => {
    const { found: units, mistakes } = await observed({ assets: [asset] });
    expect(units[0]?.assets).toEqual([]);
    expect(mistakes.map((mistake) => mistake.reason)).toEqual([expect.stringContaining(reason)]);
  });
});

describe("observeFiles, when two assets have names that differ in letter case only", () => {
  it("says so of the second one", async () => {
    const { found: units, mistakes } = await observed({
      assets: [{ path: "names/Read.txt" }, { path: "names/lower/read.txt" }],
    });
    expect(units[0]?.assets).toEqual([{ path: "names/Read.txt", name: "Read.txt" }]);
    expect(mistakes).toEqual([
      {
        path: "units.0.assets.1",
        value: "names/lower/read.txt",
        reason:
          "has the asset name `read.txt`, and names/Read.txt has `Read.txt`: they are one file on macOS and Windows",
        example: "files with different names",
      },
    ]);
  });

  it("says so where one is the name of the other's signature", async () => {
    const { mistakes } = await observed({ assets: [{ path: "dist/app.tgz" }, { path: "names/App.tgz.Sig" }] });
    expect(mistakes.map(({ value }) => value)).toEqual(["names/App.tgz.Sig"]);
  });

  it("takes a name that begins with `-`", async () => {
    expect((await observed({ assets: [{ path: "names/-rf" }] })).mistakes).toEqual([]);
  });
});

describe("observeFiles, when an asset has the name of another one's signature", () => {
  const both = (name: string, first = "app.tgz") => [{ path: `dist/${first}` }, { path: `dist/${name}` }];
  it.each(["app.tgz.sig", "app.tgz.sigstore.json"])("says so of %s", async (name) => {
    const { mistakes } = await observed({ assets: both(name) });
    expect(mistakes).toEqual([
      expect.objectContaining({
        path: "units.0.assets.1",
        reason: expect.stringContaining("signature that Lockstep makes of dist/app.tgz"),
      }),
    ]);
  });
  it("says so where the signature's name comes first", async () => {
    const { mistakes } = await observed({ assets: both("app.tgz.sig").toReversed() });
    expect(mistakes).toEqual([expect.objectContaining({ path: "units.0.assets.0", value: "dist/app.tgz.sig" })]);
  });
  it.each(["app.tgz.sig", "app.tgz.sigstore.json"])("takes %s of a unit that is not signed", async (name) => {
    expect((await observed({ assets: both(name), signing: "off" })).mistakes).toEqual([]);
  });
  it("takes a .sig of what gets none", async () => {
    expect((await observed({ assets: both("app.zip.sig", "app.zip") })).mistakes).toEqual([]);
  });
  it("takes a signature alone", async () => {
    expect((await observed({ assets: [{ path: "dist/app.tgz.sig" }] })).mistakes).toEqual([]);
  });
});

describe("observeFiles, when an image has an SBOM", () => {
  const withSboms = (...sboms: (string | undefined)[]) =>
    observed({ images: sboms.map((sbom) => ({ repository: "ghcr.io/acme/app", dockerfile: "notes.md", sbom })) });

  it("is taken with the sha256 of its bytes, in the order of the images", async () => {
    const { found: units, mistakes } = await withSboms(undefined, "app.spdx.json");
    const sha256 = createHash("sha256").update('{"spdxVersion":"SPDX-2.3"}').digest("hex");
    expect([units[0]?.artifacts, mistakes]).toEqual([
      [{ sbom: undefined }, { sbom: { path: "app.spdx.json", sha256 } }],
      [],
    ]);
  });

  it.each([
    ["a file that is not there", "gone.spdx.json", "does not exist"],
    ["a folder", "dist", "is a folder"],
    ["a link that leads out of the workspace", "dist/link.txt", "does not exist"],
    ["no JSON", "notes.md", "is not JSON"],
    ["JSON that is no object", "null.json", "is not an SPDX document"],
    ["another format", "app.cdx.json", "is not an SPDX document"],
    ["SPDX 3", "three.spdx.json", "is of SPDX-3.0"],
    ["more than GitHub takes", "large.spdx.json", "is larger than 16 MiB"],
  ])("says so of %s", async (_, sbom, reason) => {
    const { mistakes } = await withSboms(sbom);
    expect(mistakes).toEqual([
      expect.objectContaining({ path: "units.0.images.0.sbom", value: sbom, reason: expect.stringContaining(reason) }),
    ]);
  });
});

describe("observeFiles, when several units have mistakes", () => {
  it("reports them in the order of the configuration, whichever file is read first", async () => {
    const image = { repository: "ghcr.io/acme/app", context: "nowhere", sbom: "none.json" };
    const units = [
      { images: [image], assets: [{ path: "no.tgz" }], notes: { file: "no.md" } },
      { images: [{ ...image, context: "." }], assets: [{ glob: "no/*" }, { path: "no.zip" }] },
      { notes: { changelog: "no.md" } },
    ];
    const { mistakes } = await observeFiles({ ...outlineOf({ units }), workspace }, (path) => path.join("."));
    expect(mistakes.map(({ path }) => path)).toEqual([
      "units.0.images.0.context",
      "units.0.images.0.sbom",
      "units.0.assets.0.path",
      "units.0.notes.file",
      "units.1.images.0.dockerfile",
      "units.1.images.0.sbom",
      "units.1.assets.0.glob",
      "units.1.assets.1.path",
      "units.2.notes.changelog",
    ]);
  });
});

describe("observeFiles, when a unit has the documents of its chart", () => {
  const unitOf = async (files: Record<string, string>, assets: { path: string }[] = []) => {
    const folder = join(workspace, "set");
    await rm(folder, { recursive: true, force: true });
    await writeFiles(join(folder, "charts/app"), appChart);
    await writeFiles(folder, { "CHANGELOG.md": "## 1.2.3\n\nOf the repository", "out.md": "x", ...files });
    const charts = [{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }];
    const outline = outlineOf({ units: [{ charts, assets }] });
    const units = outline.units.map((unit) => ({
      ...unit,
      chart: { name: "app", folder: "charts/app", latest: false },
    }));
    const { found, mistakes } = await observeFiles({ ...outline, units, workspace: folder }, (path) => path.join("."));
    return { unit: found[0], mistakes };
  };

  it("attaches them without signatures, and reads the changelog of the chart", async () => {
    const names = ["CHANGELOG.md", "README.md", "LICENSE"];
    const files = Object.fromEntries(names.map((name) => [`charts/app/${name}`, `the chart's ${name}`]));
    const { unit, mistakes } = await unitOf({ ...files, LICENSE: "of the repository" });
    expect(unit?.assets).toEqual(names.map((name) => ({ name, path: `charts/app/${name}`, signed: false })));
    expect([unit?.changelog, unit?.missingDocuments, mistakes]).toEqual(["the chart's CHANGELOG.md", [], []]);
  });

  it("attaches the repository's LICENSE if the chart has none", async () => {
    const { unit } = await unitOf({ LICENSE: "of the repository", "README.md": "of the repository" });
    expect(unit?.assets).toEqual([{ name: "LICENSE", path: "LICENSE", signed: false }]);
  });

  it("names those that are missing or empty, and stops for none", async () => {
    const { unit, mistakes } = await unitOf({ "charts/app/README.md": "" });
    expect([unit?.assets, unit?.changelog, mistakes]).toEqual([[], undefined, []]);
    expect(unit?.missingDocuments).toEqual([
      "CHANGELOG.md: there is no charts/app/CHANGELOG.md",
      "README.md: charts/app/README.md is empty",
      "LICENSE: there is no charts/app/LICENSE, and no LICENSE",
    ]);
  });

  it("attaches nothing from outside of the workspace", async () => {
    await unitOf({});
    await symlink("../../../../secret.txt", join(workspace, "set/charts/app/README.md"));
    const outline = outlineOf({ units: [{ charts: [{ path: "charts/app", repository: "ghcr.io/acme/charts/app" }] }] });
    const units = outline.units.map((unit) => ({
      ...unit,
      chart: { name: "app", folder: "charts/app", latest: false },
    }));
    const { found } = await observeFiles({ ...outline, units, workspace: join(workspace, "set") }, String);
    expect(found[0]?.assets).toEqual([]);
  });

  it("refuses a file of the unit with the name of one of them", async () => {
    const files = { "charts/app/README.md": "x", "docs/readme.MD": "y" };
    const { mistakes } = await unitOf(files, [{ path: "docs/readme.MD" }]);
    expect(mistakes).toEqual([
      {
        path: "units.0.charts.0.path",
        value: "charts/app/README.md",
        reason: "has the asset name `README.md`, and docs/readme.MD has `readme.MD`",
        example: "files with different names",
      },
    ]);
  });
});
