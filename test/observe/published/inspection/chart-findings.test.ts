import { describe, expect, it } from "vitest";
import { putBlob } from "../../../../clients/registry/blob-upload.ts";
import { putManifest } from "../../../../clients/registry/registry.ts";
import { packChart } from "../../../../formats/chart/package/chart-package.ts";
import type { PinRecord } from "../../../../formats/release/release-record.ts";
import { inspectChart } from "../../../../observe/published/inspection/chart-findings.ts";
import { connectedSandbox } from "../../../clients/connected-sandbox.ts";
import { digestOf, manifestType, registryClient } from "../../../sandbox/registry-client.ts";

const world = connectedSandbox();
const version = "1.2.3";
const types = {
  config: "application/vnd.cncf.helm.config.v1+json",
  layer: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
  provenance: "application/vnd.cncf.helm.chart.provenance.v1.prov",
};

/** A chart under its version tag, as far as a test changes it. */
interface Pushed {
  /** Default: that of the chart. */
  config?: string;
  /** Whether the registry has the package. Default true. */
  there?: boolean;
  /** A second layer. Default: none. */
  second?: string;
  /** The package. Default: a text. */
  packed?: Buffer;
  /** What the record says of its values. Default: nothing. */
  pins?: PinRecord[];
}

/** Pushes a chart that no other test has, and says what is found of it, as "outcome promise: found". */
async function found(
  { config, there = true, second, packed = Buffer.from("the package"), pins = [] }: Pushed,
  released: string | Buffer = packed,
): Promise<string[]> {
  const { repository, name } = world.image();
  const chart = name.split("/").at(-1) ?? "";
  const configBytes = Buffer.from((config ?? `{"name":"CHART","version":"${version}"}`).replace("CHART", chart));
  const layers = [{ mediaType: types.layer, digest: digestOf(packed), size: packed.length }];
  await putBlob(repository, packed, types.layer);
  if (second !== undefined) {
    layers.push(await putBlob(repository, Buffer.from(second), types.provenance));
  }
  const described = await putBlob(repository, configBytes, types.config);
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: described, layers }));
  // A registry accepts no manifest without its blobs: what it has lost is played by its answer.
  if (!there) {
    const lost = { door: "registry", method: "HEAD", path: /\/blobs\//, when: "before", times: 1 } as const;
    world.sandbox.faults.add({ ...lost, act: { status: 404 } });
  }
  await putManifest(repository, version, { mediaType: manifestType, bytes: manifest });
  const assets = { [`${chart}-${version}.tgz`]: digestOf(released).slice("sha256:".length) };
  const findings = await inspectChart({ repository, tag: version, pins }, { version, assets, artifacts: {} });
  return findings.map((one) =>
    `${one.outcome} ${one.promise}: ${one.found}`.replaceAll(repository, "REPOSITORY").replaceAll(chart, "CHART"),
  );
}

const pin = {
  path: "image.digest",
  form: "digest" as const,
  artifact: "app",
  version: "2.0.0",
  digest: digestOf("app"),
};
const layer = digestOf("the package");
const isChart = `kept REPOSITORY:1.2.3 is a chart of one package: ${layer}`;
const isShown = "kept helm shows REPOSITORY:1.2.3 as CHART 1.2.3: CHART 1.2.3";
const isPackage = `kept CHART-1.2.3.tgz is the package of REPOSITORY:1.2.3: ${layer}`;

describe("inspectChart", () => {
  it("keeps what it promises", async () => {
    expect(await found({})).toEqual([isChart, isShown, isPackage]);
  });

  it.each([
    ["another chart", '{"name":"other","version":"1.2.3"}', "other 1.2.3"],
    ["another version", '{"name":"CHART","version":"1.2.4"}', "CHART 1.2.4"],
    ["no version", '{"name":"CHART"}', "a config that cannot be read: version: "],
    ["no chart at all", "hello", "a config that cannot be read: is not JSON"],
  ])("breaks it where the config is of %s", async (_, config, said) => {
    const lines = await found({ config });
    expect([lines[0], lines[2]]).toEqual([isChart, isPackage]);
    expect(lines[1]).toContain(`broken helm shows REPOSITORY:1.2.3 as CHART 1.2.3: ${said}`);
  });

  it("breaks it where a byte of the package differs from the file of the Release", async () => {
    expect(await found({}, "the pAckage")).toEqual([isChart, isShown, isPackage.replace("kept", "broken")]);
  });

  it.each([
    [
      "names the pinned digest",
      digestOf("app"),
      `kept REPOSITORY:1.2.3 names app 2.0.0 at image.digest, as digest: ${digestOf("app")}`,
    ],
    [
      "names another",
      digestOf("b"),
      `broken REPOSITORY:1.2.3 names app 2.0.0 at image.digest, as digest: ${digestOf("b")}`,
    ],
  ])("compares the values in the package with the pins, and it %s", async (_, value, line) => {
    const values = Buffer.from(`image:\n  digest: "${value}"\n`);
    const packed = Buffer.from(await packChart("app", [{ path: "values.yaml", bytes: values }]));
    expect((await found({ packed, pins: [pin] })).slice(3)).toEqual([line]);
  });

  it("breaks the pins of a package that cannot be read", async () => {
    expect((await found({ pins: [pin] })).slice(3)).toEqual([
      "broken REPOSITORY:1.2.3 names app 2.0.0 at image.digest, as digest: no values.yaml",
    ]);
  });

  it("breaks it where there is a second layer", async () => {
    expect(await found({ second: "signed" })).toEqual([
      "broken REPOSITORY:1.2.3 is a chart of one package: it has 2 layers",
    ]);
  });

  it("breaks it where the registry has lost the package", async () => {
    expect((await found({ there: false }))[0]).toBe(
      "broken REPOSITORY:1.2.3 is a chart of one package: a package that the registry does not have",
    );
  });

  it("breaks it where an image is under the tag, and says nothing where nothing is", async () => {
    const { repository, name } = world.image();
    const question = [
      { repository, tag: version },
      { version, assets: {}, artifacts: {} },
    ] as const;
    expect(await inspectChart(...question)).toEqual([]);
    await registryClient(world.sandbox).pushImage(name, version, "an image");
    expect((await inspectChart(...question)).map(({ outcome, found: what }) => [outcome, what])).toEqual([
      ["broken", "its config is application/vnd.oci.image.config.v1+json"],
    ]);
  });
});
