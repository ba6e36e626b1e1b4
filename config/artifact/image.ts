import { z } from "zod";
import { Name, OciRepository, WorkspacePath } from "../names.ts";

/** One container image of a unit: built for each platform, pushed by digest, joined by an OCI index, tagged last. */
export const Image = z.strictObject({
  /** The image's name within the project; default: the last part of `repository`. Changing it makes other resources. */
  name: Name.optional(),
  /** Where it is pushed, with its registry and without a tag. */
  repository: OciRepository,
  /** Build context, a folder below the workspace. Default `.`. */
  context: WorkspacePath.default(".").meta({ example: "services/api" }),
  /** Dockerfile, a path below the workspace. Default: `Dockerfile` in the context. */
  dockerfile: WorkspacePath.optional().meta({ example: "services/api/Dockerfile" }),
  /** Stage of the Dockerfile to build. Default: its last. */
  target: z.string().min(1, { error: "must not be empty" }).optional().meta({ example: "runtime" }),
  /** Platforms, `os/architecture[/variant]`. Default linux/amd64 and linux/arm64. */
  platforms: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, {
          error: "must be `os/architecture` or `os/architecture/variant`",
        })
        .meta({ example: "linux/amd64" }),
    )
    .min(1, { error: "must name at least one platform" })
    .refine((platforms) => new Set(platforms).size === platforms.length, { error: "names a platform twice" })
    .default(["linux/amd64", "linux/arm64"])
    .meta({ example: '["linux/amd64", "linux/arm64"]' }),
  /** `ARG` values of the Dockerfile. They stand in the image and in Pulumi's state for all to read: no secrets. Default none. */
  buildArgs: z
    .record(
      z.string(),
      z
        .union([z.string(), z.number(), z.boolean()], { error: "must be a text, a number or a boolean" })
        .transform(String),
    )
    .superRefine((args, context) => {
      // Source: BuildKit frontend/attestations/parse.go, Filter().
      for (const name of Object.keys(args).filter((key) => key.startsWith("BUILDKIT_ATTEST_"))) {
        context.addIssue({
          code: "custom",
          path: [name],
          message:
            "makes BuildKit put an unsigned attestation into the image; provenance and `sbom` are attested and signed",
        });
      }
    })
    .default({})
    .meta({ example: '{"FLAVOUR": "small"}' }),
  /** The image's SBOM: an SPDX 2 JSON document below the workspace, attested on the index. Default none. Only for a unit that is signed. */
  sbom: WorkspacePath.optional().meta({ example: "dist/app.spdx.json" }),
});

/** One image as written by the user, with the defaults filled in. */
export type Image = z.output<typeof Image>;
