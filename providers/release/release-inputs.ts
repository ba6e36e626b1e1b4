import { z } from "zod";
import { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { SigstoreFiles } from "../../formats/signing/sigstore-files.ts";
import { DigestInput } from "../host/unknown-input.ts";

/** What a GitHubRelease is told. */
export const ReleaseInputs = z.object({
  /** `owner/name`. */
  repository: z.string(),
  unit: z.string(),
  version: z.string(),
  /** The git tag: it is there before the Release is made. */
  tag: z.string(),
  /** `v{version}`: which other Releases are of the same unit. */
  tagPattern: z.string(),
  /** Full commit id. */
  revision: z.string(),
  title: z.string(),
  /** Markdown with places like `{{digest:app}}`, filled when the digests are known. */
  notes: z.string(),
  prerelease: z.boolean(),
  /** True where the Release shall be GitHub's "Latest" as long as its version is the unit's highest stable one. */
  latest: z.boolean(),
  /** Files that are attached; `path` is relative to the folder of Pulumi.yaml, `size` in bytes, `sha256` in hex. */
  assets: z.array(z.object({ name: z.string(), path: z.string(), sha256: z.string(), size: z.number() })),
  /** What the Release promises, by artifact name. */
  artifacts: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      repository: z.string(),
      tag: z.string(),
      digest: DigestInput,
      buildInputs: z.string(),
      /** Predicate types that the record says are attached; left out where it says nothing of it. */
      attestations: z.array(z.string()).optional(),
    }),
  ),
  signing: SigningPolicy,
  /** What the record says of `signing`, for a version that was published when that was said otherwise. Default: `signing`. */
  recordedSigning: SigningPolicy.optional(),
  sigstore: SigstoreFiles,
  /** Always true as an input. A look at the world says false where the Release is a draft, or a file that Lockstep makes is missing or different. */
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
}

/** The name in a Release's mark: `app@1.2.3`. */
export function ownerName({ unit, version }: Pick<ReleaseInputs, "unit" | "version">): string {
  return `${unit}@${version}`;
}
