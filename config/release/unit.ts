import { z } from "zod";
import { isGitRefName } from "../../formats/release/tag-pattern.ts";
import { Asset } from "./asset.ts";
import { artifactLists } from "../artifact/artifact-kinds.ts";
import { Name } from "../names.ts";
import { Notes } from "./notes.ts";
import { Signing } from "./signing.ts";

/** How a unit's version is written as tags. */
export const Tags = z.strictObject({
  /** The git tag, with `{version}` in it. Default `v{version}` where the project has one unit, else `NAME-v{version}`. */
  git: z
    .string()
    .refine((pattern) => pattern.split("{version}").length === 2, { error: "must have `{version}` in it, once" })
    .refine((pattern) => isGitRefName(pattern.replace("{version}", "1.0.0")), { error: "makes no valid git tag name" })
    .optional()
    .meta({ example: "v{version}" }),
  /** What stands before the version in OCI tags. Default nothing: tags are bare versions. */
  prefix: z
    .string()
    .regex(/^([A-Za-z0-9_][A-Za-z0-9._-]{0,32})?$/, {
      error: "has characters that an OCI tag cannot have (letters, digits, `_`, `.`, `-`)",
    })
    .default("")
    .meta({ example: "v" }),
});

/** A unit: what is released together, as exactly one GitHub Release. */
export const Unit = z.strictObject({
  /** The unit's name. Default: the name of the GitHub repository where the project has one unit. Changing it makes other resources. */
  name: Name.optional(),
  /** Version to release. Default: the tag that the run was started for, else the tag of this unit exactly at HEAD. */
  version: z.string().optional().meta({ example: "1.2.3" }),
  tags: Tags.default({ prefix: "" }).meta({ example: '{"git": "v{version}"}' }),
  /** SPDX expression for the label `org.opencontainers.image.licenses`. Default: no such label. */
  license: z.string().min(1, { error: "must not be empty" }).optional().meta({ example: "Apache-2.0" }),
  ...artifactLists,
  assets: z.array(Asset).default([]).meta({ example: '[{"path": "deploy/install.yaml"}]' }),
  notes: Notes.optional(),
  /**
   * Whether the Release gets the attestation lineage of each chart: which attestations led to it. Default no. Pulumi hands a boolean at the top
   * level over as text.
   */
  lineage: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
      error: "must be `true` or `false`",
    })
    .default(false)
    .meta({ example: "true" }),
  signing: Signing,
});

/** One unit as written by the user, with the defaults filled in. */
export type Unit = z.output<typeof Unit>;
