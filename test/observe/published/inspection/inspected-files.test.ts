import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { signBlob } from "../../../../clients/sigstore/blob-signing.ts";
import { inspect } from "../../../../observe/published/inspection/inspection.ts";
import { signingSandbox, textFile, workflow } from "../../../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../../../providers/host/engine-host.ts";
import { releasableUnit, sha256 } from "../../../providers/release/releasable-unit.ts";
import type { ReleasableUnit, ReleaseJson } from "../../../providers/release/releasable-unit.ts";

const signing = signingSandbox();
const files = ["app.txt", "chart.tgz", "checksums.txt", "install.yaml", "lockstep.release.json"];
const readme = "README.md";
const vouched = `checksums.txt vouches for ${readme}, which has no signature of its own`;
let unit: ReleasableUnit;

beforeAll(async () => {
  signing.runAs();
  unit = await releasableUnit(signing.world);
  const more = ["chart.tgz", readme].map((name) => ({
    name,
    path: join(unit.folder, name),
    sha256: sha256(name),
    size: name.length,
    ...(name === readme && { signed: false as const }),
  }));
  await Promise.all(more.map(({ name, path }) => writeFile(path, name)));
  const assets = [...unit.inputs.assets, ...more];
  const inputs = { ...unit.inputs, assets, signing: signing.identity(), sigstore: signing.instance() };
  await engineHost("github-release").create(inputs);
});

/** What a stranger finds of the files and their signatures. */
async function found() {
  vi.stubEnv("GITHUB_TOKEN", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const findings = await inspect({
    repository: unit.repository.fullName,
    unit: "app",
    version: "1.2.0",
    tag: "v1.2.0",
    signing: signing.identity(),
    sigstore: { trustedRoot: signing.instance().trustedRoot },
    content: { artifacts: {}, assets: [], documents: [readme] },
    current: true,
    registries: [],
  });
  return findings.filter(
    ({ promise }) =>
      /^\S+ (has the recorded sha256|is signed by|is the signature|vouches for)|^\S+, a file /.test(promise) &&
      !promise.includes("@sha256"),
  );
}
const broken = async () => (await found()).filter(({ outcome }) => outcome !== "kept");
const release = async () => (await unit.releases())[0] as ReleaseJson;

/** Puts a text in place of an asset, or nothing; the test's end puts the old one back. */
async function replace(name: string, text: string | undefined): Promise<void> {
  const asset = (await release()).assets.find((each) => each.name === name);
  const headers = { accept: "application/octet-stream" };
  const old = await (await fetch(asset?.url ?? "", { headers })).text();
  const put = async (other: string | undefined): Promise<void> => {
    const now = (await release()).assets.find((each) => each.name === name);
    if (now) {
      await unit.api.delete(`${unit.path}/assets/${now.id}`);
    }
    if (other !== undefined) {
      await unit.attach(await release(), name, other);
    }
  };
  await put(text);
  onTestFinished(() => put(old));
}

describe("inspect, when a stranger checks the files of a signed unit", () => {
  it("finds each signed, by its sha256, and the bare signature in its bundle", async () => {
    const findings = await found();
    expect(findings.map(({ promise, outcome }) => [promise, outcome]).toSorted()).toEqual(
      [
        ...files.map((name) => [`${name} is signed by ${workflow}`, "kept"]),
        ...files.slice(0, -1).map((name) => [`${name} has the recorded sha256`, "kept"]),
        ["chart.tgz.sig is the signature in its bundle", "kept"],
        [`${readme} has the recorded sha256`, "kept"],
        [vouched, "kept"],
      ].toSorted(),
    );
  });
  it("downloads each asset once, and checksums.txt once more to read it", async () => {
    const since = signing.sandbox.journal.mark();
    await found();
    const downloads = signing.sandbox.journal.since(since, { door: "github", path: /releases\/assets\/\d+/ });
    expect(downloads.length).toBe(2 * files.length + 1 + 2);
  });
  it.each(files)("names the bundle of %s where it was removed", async (name) => {
    await replace(`${name}.sigstore.json`, undefined);
    expect(await broken()).toContainEqual({
      promise: `${name} is signed by ${workflow}`,
      outcome: "broken",
      found: expect.stringMatching(/^nothing/),
    });
  });
  it("names a bundle that is about other bytes", async () => {
    await replace("app.txt.sigstore.json", JSON.stringify(await signBlob(textFile("x"), signing.instance())));
    expect(await broken()).toEqual([
      { promise: `app.txt is signed by ${workflow}`, outcome: "broken", found: "is about other bytes" },
    ]);
  });
  it("names a bundle by another workflow, and who that is", async () => {
    signing.runAs("evil/widgets/.github/workflows/release.yml");
    await replace("app.txt.sigstore.json", JSON.stringify(await signBlob(textFile("the app\n"), signing.instance())));
    expect(await broken()).toEqual([
      {
        promise: `app.txt is signed by ${workflow}`,
        outcome: "broken",
        found: expect.stringContaining("evil/widgets"),
      },
    ]);
  });
  it.each([
    [undefined, "nothing"],
    ["AAAA", "another"],
  ])("names a bare signature that is not the one in the bundle: %s", async (text, instead) => {
    await replace("chart.tgz.sig", text);
    expect(await broken()).toEqual([
      { promise: "chart.tgz.sig is the signature in its bundle", outcome: "broken", found: instead },
    ]);
  });
  it("names a file with other bytes once: its bundle is about the recorded ones", async () => {
    await replace("app.txt", "worse\n");
    expect((await broken()).map(({ promise }) => promise)).toEqual(["app.txt has the recorded sha256"]);
  });
  it("names a file without a signature whose bytes differ", async () => {
    await replace(readme, "read something else");
    expect((await broken()).map(({ promise }) => promise)).toEqual([`${readme} has the recorded sha256`]);
  });
  it.each([
    ["another sha256, or no line", `${sha256("x")}  ${readme}\n`],
    ["nothing", undefined],
  ])("names checksums.txt and each file that it no longer vouches for: %s", async (instead, text) => {
    await replace("checksums.txt", text);
    expect((await broken()).map(({ promise, found: there }) => [promise, there])).toEqual([
      ["checksums.txt has the recorded sha256", text === undefined ? "nothing" : sha256(text)],
      [vouched, instead],
    ]);
  });
  it("names a signature of a file that has none", async () => {
    await unit.attach(await release(), `${readme}.sigstore.json`, "{}");
    onTestFinished(async () => {
      const strange = (await release()).assets.find(({ name }) => name === `${readme}.sigstore.json`);
      await unit.api.delete(`${unit.path}/assets/${strange?.id ?? 0}`);
    });
    expect((await broken()).map(({ promise }) => promise)).toEqual([
      `${readme}.sigstore.json, a file of the Release, is in the record`,
    ]);
  });
});
