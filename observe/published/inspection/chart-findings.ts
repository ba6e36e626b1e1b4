import { hasBlob } from "../../../clients/registry/blob-upload.ts";
import { getBlob, getManifest } from "../../../clients/registry/registry.ts";
import type { Digest } from "../../../formats/artifact/manifest.ts";
import { readChartConfig, readChartContent } from "../../../formats/chart/chart-content.ts";
import type { ChartContent } from "../../../formats/chart/chart-content.ts";
import { unpackChart } from "../../../formats/chart/package/chart-archive.ts";
import { packageLimit, readText } from "../../../formats/chart/package/chart-file.ts";
import type { ArtifactRecord, ReleaseRecord } from "../../../formats/release/release-record.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { comparePins } from "./pin-findings.ts";

/** In bytes. A config is Chart.yaml as JSON, and Lockstep packs no file over 5 MiB; escapes make it longer. */
const largestConfig = 32 * 2 ** 20;

/**
 * Compares what a chart's version tag names with what people take it for: one package, which is also the file of the Release, and a config
 * of this chart and version. helm compares none of this: it shows the config, and installs the package.
 * @param entry of the record; the chart's name is the last part of its repository. Its pins are compared with the values in the package
 * @returns nothing if the tag is not there, which is a finding of its own (inspectArtifact)
 */
export async function inspectChart(
  { repository, tag, pins }: Pick<ArtifactRecord, "repository" | "tag" | "pins">,
  { version, assets, artifacts }: Pick<ReleaseRecord, "version" | "assets" | "artifacts">,
): Promise<Finding[]> {
  const manifest = await getManifest(repository, tag);
  if (manifest === undefined) {
    return [];
  }
  const at = `${repository}:${tag}`;
  const promise = `${at} is a chart of one package`;
  let content: ChartContent;
  try {
    content = readChartContent(manifest.bytes);
  } catch (error) {
    return [makeFinding(promise, false, (error as Error).message)];
  }
  const { config, layer } = content;
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const file = `${name}-${version}.tgz`;
  const [called, isThere, values] = await Promise.all([
    readName(repository, config),
    hasBlob(repository, layer),
    pins?.length ? readValues(repository, layer) : undefined,
  ]);
  return [
    makeFinding(promise, isThere, isThere ? layer : "a package that the registry does not have"),
    makeFinding(`helm shows ${at} as ${name} ${version}`, called === `${name} ${version}`, called),
    makeFinding(`${file} is the package of ${at}`, `sha256:${assets[file]}` === layer, layer),
    ...comparePins(at, values, { pins }, { artifacts }),
  ];
}

/** values.yaml of a package; undefined if there is none that can be read. */
async function readValues(repository: string, layer: Digest): Promise<string | undefined> {
  const bytes = await getBlob(repository, layer, { most: packageLimit });
  const files = bytes && (await unpackChart(bytes, packageLimit));
  const values = files && "unreadable" in files ? undefined : files?.find(({ path }) => path === "values.yaml");
  return values && readText(values.bytes);
}

/** The name and version of a config, or why they cannot be read. */
async function readName(repository: string, digest: Digest): Promise<string> {
  const bytes = await getBlob(repository, digest, { most: largestConfig });
  if (bytes === undefined) {
    return "nothing";
  }
  try {
    const { name, version } = readChartConfig(bytes);
    return `${name} ${version}`;
  } catch (error) {
    return `a config that cannot be read: ${(error as Error).message}`;
  }
}
