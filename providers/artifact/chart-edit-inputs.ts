import { z } from "zod";
import { pinForms } from "../../formats/chart/pin/pin-form.ts";
import { DigestInput } from "../host/unknown-input.ts";

/** Inputs that say what is written into a chart's files before they are packaged. A chart that is packaged as it is has none of them. */
export const chartEditInputs = {
  /** Values of values.yaml that name images, in the order of their paths. */
  pins: z
    .array(
      z.object({
        /** As helm's `--set` has it: `image.digest`. */
        path: z.string(),
        form: z.enum(pinForms),
        /** Of the image, with its registry. */
        repository: z.string(),
        /** The image's version tag. */
        tag: z.string(),
        /** Of the image: in a preview it may not be known yet. */
        digest: DigestInput,
      }),
    )
    .optional(),
  /** What replaces the versions of Chart.yaml. */
  versions: z.object({ version: z.string().optional(), appVersion: z.string().optional() }).optional(),
};

/** What is written into a chart's files before they are packaged. */
export interface ChartEditInputs {
  pins?: z.output<typeof chartEditInputs.pins>;
  versions?: z.output<typeof chartEditInputs.versions>;
}
