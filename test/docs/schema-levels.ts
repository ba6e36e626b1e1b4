import type { z } from "zod";

interface Definition {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
}

/** Every object in a schema: its path as the docs write it, `units[].images[]`, and its keys. */
export function levelsOf(schema: z.core.$ZodType, path: string): [path: string, keys: string[]][] {
  const { shape, element, innerType, in: input } = schema._zod.def as Definition;
  if (element) {
    return levelsOf(element, `${path}[]`);
  }
  if (innerType ?? input) {
    return levelsOf((innerType ?? input)!, path);
  }
  if (!shape) {
    return [];
  }
  const deeper = Object.entries(shape).flatMap(([key, inner]) => levelsOf(inner, path === "" ? key : `${path}.${key}`));
  return [[path, Object.keys(shape)], ...deeper];
}
