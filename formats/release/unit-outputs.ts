import { z } from "zod";
import { SigningPolicy } from "../signing/signing-policy.ts";

/** What a unit's part of the stack output `units` says of one artifact. */
export const ArtifactOutputs = z.object({
  /** What it is; left out by older versions, which released images only. */
  kind: z.string().optional(),
  digest: z.string(),
  how: z.enum(["built", "adopted"]),
  /** `repository:tag@digest`. */
  reference: z.string(),
  /** sha256 of the files that it was built from; empty if it is not made of files. */
  sourceHash: z.string(),
  /** Whether an SBOM is attested. */
  sbom: z.boolean(),
});

/**
 * A unit's part of the stack output `units`: written by the release train, read back by the next run of the stack and by the summary. It is a
 * state format: keys may be added as optional ones, and none is renamed.
 */
export const UnitOutputs = z.object({
  version: z.string(),
  /** Full commit id. */
  revision: z.string(),
  gitTag: z.string(),
  /** `owner/name` on GitHub. */
  repository: z.string(),
  /** Host of the registry whose packages GitHub's API knows. */
  packageRegistry: z.string(),
  artifacts: z.record(z.string(), ArtifactOutputs),
  /** Names of the attached files, without those that Lockstep makes. */
  assets: z.array(z.string()),
  /** Address of the Release. */
  release: z.string(),
  signing: SigningPolicy,
  /** Trusted root of a Sigstore instance that is not the public one, relative to the folder of Pulumi.yaml. */
  trustedRoot: z.string().optional(),
  leftOut: z.array(z.string()),
});

/** What a unit exports. */
export type UnitOutputs = z.output<typeof UnitOutputs>;

/**
 * Reads the stack output `units`.
 * @returns by unit; units that an older version wrote in another form are left out: the world is asked instead
 */
export function readUnitOutputs(units: unknown): Record<string, UnitOutputs> {
  const entries = z.record(z.string(), z.unknown()).safeParse(units).data ?? {};
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, unit]) => {
      const read = UnitOutputs.safeParse(unit);
      return read.success ? [[name, read.data]] : [];
    }),
  );
}
