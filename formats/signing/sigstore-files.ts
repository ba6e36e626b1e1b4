import { z } from "zod";

/**
 * Files of the Sigstore instance that signs and is trusted, as states hold them. Both left out: the public instance. Paths are relative to
 * the folder of Pulumi.yaml.
 */
export const SigstoreFiles = z.object({
  /** Path of a trusted root (protobuf-specs `TrustedRoot` as JSON). */
  trustedRoot: z.string().optional(),
  /** Path of a signing config, version 0.2. */
  signingConfig: z.string().optional(),
});

/** Files of the Sigstore instance that signs and is trusted. */
export type SigstoreFiles = z.output<typeof SigstoreFiles>;
