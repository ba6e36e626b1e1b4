import { z } from "zod";

/**
 * What Pulumi's dynamic host passes in a preview for a value that is not known yet, whatever its type.
 * Source: @pulumi/pulumi runtime/rpc, `unknownValue` (pulumi/pulumi#6310).
 */
export const unknownInput = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A schema that also takes the stand-in for "not known yet". */
export function orUnknown<T extends z.ZodType>(schema: T): z.ZodUnion<[z.ZodLiteral<typeof unknownInput>, T]> {
  return z.union([z.literal(unknownInput), schema]);
}

/** `sha256:…`, or not known yet. */
export const DigestInput = orUnknown(z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "is not a sha256 digest" }));
