import { validRange } from "semver";
import { z } from "zod";

/** A lane is one stack and the versions that it accepts. */
export const Lane = z
  .strictObject({
    /**
     * `stable` (default): versions without a pre-release part. `prerelease`: only versions with one. `any`: both.
     * Else a range as semver reads it, for a maintenance lane: `1.2.x` (stable versions within it).
     */
    accepts: z
      .string()
      .refine((accepts) => ["stable", "prerelease", "any"].includes(accepts) || isRange(accepts), {
        error: "must be `stable`, `prerelease`, `any` or a semver range",
      })
      .default("stable")
      .meta({ example: "stable" }),
  })
  .meta({ example: '{"accepts": "stable"}' });

/** The lane of a stack. */
export type Lane = z.output<typeof Lane>;

function isRange(text: string): boolean {
  return text.trim() !== "" && validRange(text) !== null;
}
