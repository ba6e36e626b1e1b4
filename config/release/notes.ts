import { z } from "zod";
import { WorkspacePath } from "../names.ts";

/** Where the notes of the Release come from. Without it: the version's section of CHANGELOG.md where there is one, else none. */
export const Notes = z
  .strictObject({
    /** A changelog in Markdown; the section whose heading names the version is taken. A missing file or section is a mistake. */
    changelog: WorkspacePath.optional().meta({ example: "CHANGELOG.md" }),
    /** A Markdown file that is taken whole. A missing file is a mistake. */
    file: WorkspacePath.optional().meta({ example: "docs/release-notes.md" }),
  })
  .refine((notes) => (notes.changelog === undefined) !== (notes.file === undefined), {
    error: "must have either `changelog` or `file`",
  })
  .meta({ example: '{"changelog": "CHANGELOG.md"}' });

/** The `notes` of a unit. */
export type Notes = z.output<typeof Notes>;
