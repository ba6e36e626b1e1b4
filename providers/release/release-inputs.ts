import { z } from "zod";
import { pinForms } from "../../formats/chart/pin/pin-form.ts";
import { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { chartEditInputs } from "../artifact/chart-edit-inputs.ts";
import { DigestInput, SizeInput } from "../host/unknown-input.ts";

/** Inputs of a GitHubRelease. */
export const ReleaseInputs = z.object({
  /** `owner/name`. */
  repository: z.string(),
  unit: z.string(),
  version: z.string(),
  /** The git tag: it exists before the Release is created. */
  tag: z.string(),
  /** `v{version}`: identifies the other Releases of the same unit. */
  tagPattern: z.string(),
  /** Full commit id. */
  revision: z.string(),
  title: z.string(),
  /** Markdown with placeholders like `{{digest:app}}`, filled when the digests are known. */
  notes: z.string(),
  prerelease: z.boolean(),
  /**
   * True if the Release must be GitHub's "Latest" while its version is the unit's highest stable one. A read returns false if the mark is
   * not where it must be: missing, or on this Release although a higher version is published.
   */
  latest: z.boolean(),
  /** Files that are attached; `path` is relative to the folder of Pulumi.yaml, `size` in bytes, `sha256` in hex. */
  assets: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      sha256: z.string(),
      size: SizeInput,
      /** What makes the file of `path` whenever its bytes are needed: `chart` packages that folder. Left out for a file that is there. */
      packs: z.literal("chart").optional(),
      /** False for a file without a bundle in a unit that is signed: checksums.txt vouches for it. Left out for every other. */
      signed: z.literal(false).optional(),
      ...chartEditInputs,
    }),
  ),
  /** The promised artifacts, by name. */
  artifacts: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      repository: z.string(),
      tag: z.string(),
      digest: DigestInput,
      buildInputs: z.string(),
      /** Predicate types of the attachments according to the record; left out if it does not list them. */
      attestations: z.array(z.string()).optional(),
      /** Of a chart: the images in its values; left out if there are none. */
      pins: z
        .array(
          z.object({
            path: z.string(),
            form: z.enum(pinForms),
            /** Name of the image. */
            artifact: z.string(),
            version: z.string(),
            digest: DigestInput,
          }),
        )
        .optional(),
    }),
  ),
  /** Names of the charts among the artifacts whose attestation lineage is attached. Default: none. */
  lineages: z.array(z.string()).optional(),
  signing: SigningPolicy,
  /** The record's value of `signing`, for a version that was published with other keys. Default: `signing`. */
  recordedSigning: SigningPolicy.optional(),
  sigstore: SigstoreFiles,
  /** Always true as an input. A read returns false if the Release is a draft, or a file that Lockstep makes is missing or different. */
  complete: z.boolean(),
});

/** Inputs of a GitHubRelease. */
export type ReleaseInputs = z.output<typeof ReleaseInputs>;

/** Outputs of a GitHubRelease. */
export interface ReleaseOutputs {
  /** The Release's page. */
  url: string;
  /** GitHub's number for it: a draft can be addressed by nothing else. */
  releaseId: number;
  /** A line for each thing that is missing in a lineage; left out for a Release without lineages. */
  leftOut?: string[];
}

/** The name in a Release's mark: `app@1.2.3`. */
export function nameOwner({ unit, version }: Pick<ReleaseInputs, "unit" | "version">): string {
  return `${unit}@${version}`;
}
