import { describe, expect, it } from "vitest";
import { writeChartManifest } from "../../../formats/chart/chart-manifest.ts";
import type { ChartStamps } from "../../../formats/chart/chart-manifest.ts";
import { readChartYaml } from "../../../formats/chart/chart-yaml.ts";

const layer = { digest: `sha256:${"a".repeat(64)}`, size: 3 } as const;
const created = "2024-03-01T00:00:00Z";
const least = "apiVersion: v2\nname: bare\nversion: 0.1.0\n";

function write(text: string, stamps: ChartStamps, { digest, size }: typeof layer | Pushed = layer) {
  const { metadata, mistakes } = readChartYaml(text);
  expect(mistakes).toEqual([]);
  return writeChartManifest(metadata!, { digest, size }, stamps);
}

function annotationsOf(text: string, stamps: ChartStamps): Record<string, string> {
  const { annotations } = JSON.parse(write(text, stamps).manifest) as { annotations: Record<string, string> };
  return annotations;
}

/** What helm 4.3.1 pushed of a package with this digest and size, touched at `created`. */
interface Pushed {
  digest: `sha256:${string}`;
  size: number;
  manifest: string;
  config: string;
}

const pushed: Record<string, Pushed & { text: string }> = {
  bare: {
    text: least,
    digest: "sha256:01422705dbd17bc4d2c553df19e8b0f0cd17efea60c04dcbc148534c97d5243a",
    size: 197,
    config: "sha256:d55ecd351655751c3da28b1998d6d05604137f22c154c06ca18b159e2d59d8c7",
    manifest: "sha256:b45ae09811fa0b09c32df15be1e4367ea57e078d8a869ff3c091aa0be1b0881e",
  },
  full: {
    text: `apiVersion: v2
name: full
version: 1.2.3+build.5
description: A & B <c>
home: https://full.example
sources: [https://src.example/a, https://src.example/b]
maintainers: [{name: Ada, email: ada@full.example}, {name: Bob}, {email: c@full.example}, {}]
annotations:
  z: last
  A: first
  org.opencontainers.image.title: other
  org.opencontainers.image.version: "9.9.9"
  org.opencontainers.image.url: https://other.example
`,
    digest: "sha256:12470c2d1d5e3248f3aaa3bc0524f82576ae6c9b6282ff2798dc8517af4d0c21",
    size: 365,
    config: "sha256:b64e6e09dc65f16d181ab48608dfb5e1a5e7a037ce5ece4c9467f0ba48cfdbc2",
    manifest: "sha256:0aa575c4dcc735cfe12e17fd9fcebf38790bed77fafe9b99d376d7d6ee338172",
  },
};

describe("writeChartManifest", () => {
  it.each(Object.entries(pushed))("has the digests that helm pushed of the chart %s", (_, { text, ...of }) => {
    const { digest, configDigest } = write(text, { created }, of);
    expect([configDigest, digest]).toEqual([of.config, of.manifest]);
  });

  it("has no media type of its own, one layer, and the config that it returns", () => {
    const { manifest, config, configDigest } = write(least, { created });
    expect(manifest).toBe(
      [
        '{"schemaVersion":2',
        `"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"${configDigest}","size":${config.length}}`,
        `"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"${layer.digest}","size":3}]`,
        `"annotations":{"org.opencontainers.image.created":"${created}"`,
        '"org.opencontainers.image.title":"bare"',
        '"org.opencontainers.image.version":"0.1.0"}}',
      ].join(","),
    );
  });
});

describe("writeChartManifest, when source and revision are given", () => {
  const stamps = { created, source: "https://github.com/acme/charts", revision: "c0ffee" };
  const key = (name: string): string => `org.opencontainers.image.${name}`;

  it("adds both", () => {
    expect(annotationsOf(least, stamps)).toMatchObject({
      [key("source")]: stamps.source,
      [key("revision")]: stamps.revision,
    });
  });

  it.each([
    ["`sources`", "sources: [https://a.example]\n"],
    ["an annotation", "annotations: {org.opencontainers.image.source: https://a.example}\n"],
  ])("keeps the source of %s", (_, keys) => {
    expect(annotationsOf(`${least}${keys}`, stamps)[key("source")]).toBe("https://a.example");
  });

  it("adds the source if `sources` begins with nothing", () => {
    expect(annotationsOf(`${least}sources: [" "]\n`, stamps)[key("source")]).toBe(stamps.source);
  });

  it("lets no chart name another commit or version, but another time", () => {
    const text = `${least}annotations:\n${["revision", "version", "title", "created"].map((name) => `  ${key(name)}: own\n`).join("")}`;
    expect(annotationsOf(text, stamps)).toEqual({
      [key("created")]: "own",
      [key("revision")]: "c0ffee",
      [key("source")]: stamps.source,
      [key("title")]: "bare",
      [key("version")]: "0.1.0",
    });
    expect(annotationsOf(text, { created })[key("revision")]).toBe("own");
  });

  it("sorts the annotations, those of the chart among them", () => {
    const keys = Object.keys(annotationsOf(`${least}annotations: {z: a, org.a: b, A: c}\n`, stamps));
    expect(keys).toEqual(keys.toSorted());
    expect(keys).toContain("org.a");
  });
});
