import { z } from "zod";
import { Signing } from "./signing.ts";

const text = z.string().optional().catch(undefined);

const ImageOutline = z.object({ name: text, repository: text, context: text, dockerfile: text, sbom: text }).catch({});
const AssetOutline = z.object({ path: text, glob: text }).catch({});
const NotesOutline = z.object({ changelog: text, file: text }).optional().catch(undefined);
const UnitOutline = z
  .object({
    name: text,
    version: text,
    tags: z.object({ git: text }).optional().catch(undefined),
    images: z.array(ImageOutline).default([]).catch([]),
    assets: z.array(AssetOutline).default([]).catch([]),
    notes: NotesOutline,
    signing: Signing.optional().catch(undefined),
  })
  .catch({ images: [], assets: [] });

/**
 * What can be read of a configuration that may be wrong elsewhere: texts where texts are, undefined where something else is.
 * With it duplicates and missing files are found in the same run as wrong values, so that the user mends all of them at once.
 */
export const Outline = z.object({
  workspace: z.string().default(".").catch("."),
  units: z.array(UnitOutline).default([]).catch([]),
});

/** The readable part of a configuration. */
export type Outline = z.output<typeof Outline>;
