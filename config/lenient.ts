import { z } from "zod";

/** What can be read of a value that may be wrong: every part of it may be undefined. Lists keep their length, so that places stay right. */
export type Lenient<T> = T extends readonly (infer Item)[]
  ? (Lenient<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Lenient<T[Key]> | undefined }
    : T | undefined;

/**
 * Makes a schema that refuses nothing: it reads what is right in a value and leaves out the rest, key by key and item by item. Objects,
 * lists, defaults and optional keys are entered; everything else is right or wrong as a whole. Defaults are filled in if nothing is written,
 * and not in the place of what is wrong.
 * @param schema the schema that the value should satisfy
 */
export function lenient<T>(schema: z.ZodType<T>): z.ZodType<Lenient<T> | undefined> {
  return reading(schema) as z.ZodType<Lenient<T> | undefined>;
}

function reading(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault) {
    // Not `.default()`, which would also stand in for what the inner schema left out.
    return reading(schema.def.innerType).prefault(schema.def.defaultValue);
  }
  if (schema instanceof z.ZodOptional) {
    return reading(schema.def.innerType);
  }
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape).map(([key, inner]) => [key, reading(inner)]);
    return z
      .object(Object.fromEntries(shape) as Record<string, z.ZodType>)
      .optional()
      .catch(undefined);
  }
  if (schema instanceof z.ZodArray) {
    return z.array(reading(schema.element)).optional().catch(undefined);
  }
  return (schema as z.ZodType).optional().catch(undefined);
}
