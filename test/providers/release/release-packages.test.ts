import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecord } from "../../../formats/release/release-record.ts";
import { packageChart } from "../../../packaging/packaged-chart.ts";
import { signingSandbox } from "../../clients/sigstore/signing-sandbox.ts";
import { appChart, writeFiles } from "../../observe/source/artifact/chart-on-disk.ts";
import { engineHost } from "../host/engine-host.ts";
import { releasableUnit, sha256 } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const signing = signingSandbox();
const host = engineHost("github-release");
const packageName = "app-1.2.3.tgz";

/** A signed unit of which all but the Release is done, with a chart's folder instead of a file. */
async function chartUnit() {
  const unit = await releasableUnit(signing.world);
  const path = join(unit.folder, "app");
  await writeFiles(path, appChart);
  const bytes = (await packageChart(path)).chart?.bytes ?? Buffer.alloc(0);
  const asset = { name: packageName, path, sha256: sha256(bytes), size: bytes.length, packs: "chart" as const };
  const inputs = { ...unit.inputs, assets: [asset], signing: signing.identity(), sigstore: signing.instance() };
  const attached = async (): Promise<ReleaseJson["assets"]> => (await unit.releases())[0]?.assets ?? [];
  const digests = async (): Promise<Record<string, string | null>> =>
    Object.fromEntries((await attached()).map(({ name, digest }) => [name, digest]));
  return { ...unit, path, asset, inputs, attached, digests };
}

describe("gitHubReleaseProvider, when a file is the package of a chart", () => {
  it("attaches the package with its bundle and its bare signature", async () => {
    const { inputs, asset, digests } = await chartUnit();
    await host.create(inputs);
    const found = await digests();
    expect(Object.keys(found).toSorted()).toEqual([
      packageName,
      `${packageName}.sig`,
      `${packageName}.sigstore.json`,
      "checksums.txt",
      "checksums.txt.sigstore.json",
      "lockstep.release.json",
      "lockstep.release.json.sigstore.json",
    ]);
    expect(found[packageName]).toBe(`sha256:${asset.sha256}`);
  });

  it("makes the package again when it was removed from the Release", async () => {
    const { inputs, api, attached, digests, asset, repository } = await chartUnit();
    const { outs } = await host.create(inputs);
    const removed = (await attached()).find(({ name }) => name === packageName);
    await api.delete(`/repos/${repository.fullName}/releases/assets/${removed?.id ?? 0}`);
    await host.update({ ...inputs, ...outs }, inputs);
    expect((await digests())[packageName]).toBe(`sha256:${asset.sha256}`);
  });

  it("reads as it is, whatever is in the folder now", async () => {
    const { inputs, path } = await chartUnit();
    const { outs } = await host.create(inputs);
    await rm(path, { recursive: true });
    const read = await host.read({ ...inputs, ...outs });
    expect(read.inputs).toMatchObject({ assets: inputs.assets, complete: true });
  });

  it("refuses a folder that has changed, and publishes nothing", async () => {
    const { inputs, path, publicReleases } = await chartUnit();
    await writeFile(join(path, "values.yaml"), "replicas: 2\n");
    const error = await releaseErrorOf(host.create(inputs));
    expect(error.code).toBe("ASSET_CONFLICT");
    expect(error.message).toContain("when the release began; it has");
    expect(await publicReleases()).toEqual([]);
  });

  it("writes the pinned digests into the package that it attaches, and into the record", async () => {
    const { inputs, path, asset, digests, attached } = await chartUnit();
    await writeFiles(path, { "values.yaml": "digest:\n" });
    const digest = `sha256:${"b".repeat(64)}`;
    const pin = { path: "digest", form: "digest" as const, repository: "ghcr.io/acme/app", tag: "2.0.0", digest };
    const bytes = (await packageChart(path, { pins: [pin] })).chart?.bytes ?? Buffer.alloc(0);
    const packaged = { ...asset, sha256: sha256(bytes), size: bytes.length, pins: [pin] };
    const pins = [{ path: "digest", form: "digest" as const, artifact: "app", version: "2.0.0", digest }];
    const [[name, artifact] = []] = Object.entries(inputs.artifacts);
    await host.create({ ...inputs, assets: [packaged], artifacts: { [name!]: { ...artifact!, pins } } });
    expect((await digests())[packageName]).toBe(`sha256:${sha256(bytes)}`);
    const record = (await attached()).find((one) => one.name === "lockstep.release.json");
    const headers = { accept: "application/octet-stream", authorization: `Bearer ${process.env["GITHUB_TOKEN"]}` };
    const text = await (await fetch(record?.url ?? "", { headers })).text();
    expect(readRecord(text)?.artifacts[name!]?.pins).toEqual(pins);
  });
});
