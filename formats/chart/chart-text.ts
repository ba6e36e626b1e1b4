import { z } from "zod";
import { cleanText } from "./helm/printable-text.ts";

const textError = {
  error: ({ input }: { input?: unknown }) =>
    typeof input === "object" ? "must be a text" : "is not text to helm: write it in quotes",
};
const brokenText = "has half of a character: write `\\U0001F680`, not two escapes";

/**
 * A text whose exact form matters. helm would turn `1.10` into "1.1" and `n` into "false" without a word, so that anything but text is
 * refused. Missing or null: "".
 */
export const ExactText = z
  .string(textError)
  .refine((text) => text.isWellFormed(), { error: brokenText })
  .nullish()
  .transform((text) => cleanText(text ?? ""));

/** The same, and it must be there. */
export const RequiredText = ExactText.refine((text) => text !== "", { error: "is missing", abort: true });

/** Any other text as it is written: a whole number or a boolean becomes its text, as with helm. Missing or null: "". */
export const RawText = z
  .union([z.string(), z.bigint(), z.boolean()], textError)
  .refine((text) => String(text).isWellFormed(), { error: brokenText })
  .nullish()
  .transform((text) => String(text ?? ""));

/** The same without what cannot be printed, as helm cleans it when it loads a chart. */
export const Text = RawText.transform(cleanText);

/** A list of texts; missing or null: none. */
export const Texts = z
  .array(Text, { error: "must be a list" })
  .nullish()
  .transform((texts) => texts ?? []);

/** A switch; missing or null: off. */
export const Switch = z
  .boolean({ error: "must be `true` or `false`" })
  .nullish()
  .transform((on) => on ?? false);
