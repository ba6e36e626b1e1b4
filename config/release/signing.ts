import { z } from "zod";
import { EarlierSigner, SigningIdentity } from "../../formats/signing/signing-policy.ts";

/**
 * What a unit asks of its artifacts: keyless signatures, provenance and signed files by one workflow, or `off`. It must be written out: a
 * unit is never unsigned by accident. YAML 1.1 reads `off` as false, and Pulumi hands false at the top level over as text.
 */
export const Signing = z
  .union(
    [
      z.union([z.literal("off"), z.literal(false), z.literal("false")]).transform(() => "off" as const),
      SigningIdentity.extend({
        /** Who signed earlier versions, before the workflow was renamed or moved. Default none. */
        earlier: z
          .array(EarlierSigner)
          .default([])
          .meta({ example: '[{"workflow": "acme/widgets/.github/workflows/publish.yml", "until": "1.4.0"}]' }),
      }),
    ],
    {
      error: "must name the workflow that signs, or be `off`",
    },
  )
  .meta({ example: '{"workflow": "acme/widgets/.github/workflows/release.yml"}' });

/** What a unit asks of its artifacts, as its configuration says it. */
export type Signing = z.output<typeof Signing>;

/**
 * Whether provenance is also posted to GitHub's attestations API. `auto`: for signed units, if GitHub accepts it. `off`: never. YAML 1.1
 * reads `off` as false, and Pulumi hands false at the top level over as text.
 */
export const GitHubAttestations = z
  .union(
    [
      z.literal("auto"),
      z.union([z.literal("off"), z.literal(false), z.literal("false")]).transform(() => "off" as const),
    ],
    { error: "must be `auto` or `off`" },
  )
  .meta({ example: "auto" });

const InstanceFile = z.string().refine((path) => path !== "" && !path.startsWith("/"), {
  error: "must be a relative path: an absolute one would differ from machine to machine",
});

/** Which Sigstore signs and is trusted. Default: the public one. */
export const Sigstore = z.strictObject({
  /** Trusted root of a private instance, JSON as cosign's `--trusted-root` reads it. Relative to the workspace; may have `..`. */
  trustedRoot: InstanceFile.optional().meta({ example: "deploy/trusted_root.json" }),
  /** Signing config of that instance, JSON as cosign's `--signing-config` takes it. Relative to the workspace; may have `..`. */
  signingConfig: InstanceFile.optional().meta({ example: "deploy/signing_config.json" }),
});
