import { chartIn, lineageName, readLineage } from "../../../formats/release/attestation-lineage.ts";
import type { ArtifactRecord, ReleaseRecord } from "../../../formats/release/release-record.ts";
import { readAssetOf } from "./file-findings.ts";
import type { AttachedFiles } from "./file-findings.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/**
 * Compares what the attestation lineage of a chart says it is about with the record: the signed bytes of another chart's lineage would have
 * the recorded sha256 as well.
 * @param chart entry of the record
 * @returns nothing if the record has no lineage of this chart
 */
export async function inspectLineage(
  files: AttachedFiles,
  chart: Pick<ArtifactRecord, "repository" | "digest">,
  record: ReleaseRecord,
): Promise<Finding[]> {
  const name = lineageName(chartIn(chart.repository));
  return Object.hasOwn(record.assets, name) ? [compareLineage(await readAssetOf(files, name), chart, record)] : [];
}

/**
 * The finding about one lineage.
 * @param text of the file; undefined if there is none
 */
export function compareLineage(
  text: string | undefined,
  { repository, digest }: Pick<ArtifactRecord, "repository" | "digest">,
  { version, revision, gitTag: tag }: Pick<ReleaseRecord, "version" | "revision" | "gitTag">,
): Finding {
  const chart = chartIn(repository);
  const promise = `${lineageName(chart)} is about ${chart} ${version} and its digest, tag and commit`;
  if (text === undefined) {
    return makeFinding(promise, undefined);
  }
  try {
    const lineage = readLineage(text);
    const others = Object.entries({ chart, version, tag, digest, revision })
      .map(([key, recorded]) => ({ key, recorded, said: lineage[key as keyof typeof lineage] }))
      .filter(({ recorded, said }) => said !== recorded);
    const found = others.map(({ key, said }) => `${key} ${String(said)}`).join(", ");
    return makeFinding(promise, others.length === 0, others.length === 0 ? digest : found);
  } catch (error) {
    return makeFinding(promise, false, `a file that cannot be read: ${(error as Error).message}`);
  }
}
