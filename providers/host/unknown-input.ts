import { z } from "zod";

/**
 * The value that Pulumi's dynamic host passes in a preview for one that is not known yet, of any type.
 * Source: @pulumi/pulumi runtime/rpc, `unknownValue` (pulumi/pulumi#6310).
 */
export const unknownInput = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Extends a schema to accept the stand-in for "not known yet". */
export function allowUnknown<T extends z.ZodType>(schema: T): z.ZodUnion<[z.ZodLiteral<typeof unknownInput>, T]> {
  return z.union([z.literal(unknownInput), schema]);
}

/** `sha256:…`, or not known yet. */
export const DigestInput = allowUnknown(z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "is not a sha256 digest" }));

/** A number of bytes, or not known yet. */
export const SizeInput = z.union([z.literal(unknownInput).transform(() => 0), z.number()]);
