import { isDeepStrictEqual } from "node:util";

/**
 * Sorts a list whose order means nothing like the wanted one, and takes over its spelling; other elements come last. So it equals the
 * wanted one if it has the same elements, and a preview shows only what was added or is missing.
 * @param same whether two elements are the same; default: equal, however deep
 */
export function sortLike<T>(
  wanted: readonly T[],
  found: readonly T[],
  same: (a: T, b: T) => boolean = isDeepStrictEqual,
): T[] {
  const contains = (list: readonly T[], one: T): boolean => list.some((other) => same(other, one));
  return [...wanted.filter((one) => contains(found, one)), ...found.filter((one) => !contains(wanted, one))];
}
