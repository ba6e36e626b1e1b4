import { z } from "zod";
import { parseCheckedJson } from "../checked-json.ts";

const Sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const LineageEntry = z.object({
  name: z.string().optional().meta({ description: "what the pull request calls it; missing if only GitHub names it" }),
  id: z.string().meta({ description: "GitHub's number for it, or what the pull request gives instead" }),
  digest: Sha256.optional().meta({ description: "what it is about; missing if the pull request does not say" }),
  status: z.enum(["confirmed", "claimed"]).meta({
    description: "confirmed: GitHub lists this id for this digest. claimed: only the pull request says so",
  }),
});

/** The content of a lineage. */
export const AttestationLineage = z.object({
  chart: z.string().meta({ description: "name of the chart" }),
  version: z.string().meta({ description: "version of the chart" }),
  tag: z.string().meta({ description: "the git tag" }),
  digest: Sha256.meta({ description: "digest of the chart's manifest in the registry" }),
  revision: z
    .string()
    .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
    .meta({ description: "the full commit id" }),
  pullRequest: z
    .object({
      number: z.int().positive(),
      url: z.string(),
      base: z.string().meta({ description: "the branch that it was merged into" }),
    })
    .nullable()
    .meta({ description: "the merged pull request whose merge commit is the revision; null for none" }),
  attestations: z
    .array(LineageEntry)
    .max(1000)
    .meta({ description: "those of the pull request's map by name, then those that only GitHub lists, by id" }),
  leftOut: z
    .array(z.string().max(1000))
    .max(100)
    .meta({ description: "a sentence for each thing that is missing, and why" }),
});

/** The content of a lineage: which attestations led to a chart. */
export type AttestationLineage = z.output<typeof AttestationLineage>;

/** One attestation of a lineage. */
export type LineageEntry = AttestationLineage["attestations"][number];

/** Name of the asset with the lineage of a chart. */
export function lineageName(chart: string): string {
  return `${chart}-attestation-lineage.json`;
}

/** Name of the chart in an OCI repository: its last part, because helm asks for it. */
export function chartIn(ociRepository: string): string {
  return ociRepository.slice(ociRepository.lastIndexOf("/") + 1);
}

/** Writes a lineage, the same bytes for the same content. */
export function writeLineage(lineage: AttestationLineage): string {
  return `${JSON.stringify(lineage, undefined, 2)}\n`;
}

/**
 * Reads a lineage.
 * @throws Error that names the first mistake, and nothing of the text
 */
export function readLineage(text: string): AttestationLineage {
  return parseCheckedJson(AttestationLineage, Buffer.from(text));
}
