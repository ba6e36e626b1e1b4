import { z } from "zod";
import { WorkspacePath } from "../names.ts";

/**
 * Files that are attached to the GitHub Release: one `path`, or all that match a `glob`. The file's own name is the asset's name.
 * checksums.txt with the sha256 of all of them is added.
 */
export const Asset = z
  .strictObject({
    /** One file below the workspace. */
    path: WorkspacePath.optional(),
    /** All files below the workspace that match, as Node's `fs.glob` reads it. No match is a mistake. */
    glob: WorkspacePath.optional().meta({ example: "dist/*.tgz" }),
  })
  .refine((asset) => (asset.path === undefined) !== (asset.glob === undefined), {
    error: "must have either `path` or `glob`",
  })
  .meta({ example: '{"path": "deploy/install.yaml"}' });

/** One entry of `assets`. */
export type Asset = z.output<typeof Asset>;
