import { isDeepStrictEqual } from "node:util";

/**
 * A list whose order says nothing, in the order and the words of the wanted one; what nobody wants comes last. So it equals the wanted one
 * where it has the same elements, and a preview shows what was added or is missing, and nothing else.
 * @param same whether two elements are the same; default: equal, however deep
 */
export function inOrderOf<T>(
  wanted: readonly T[],
  found: readonly T[],
  same: (a: T, b: T) => boolean = isDeepStrictEqual,
): T[] {
  const among = (list: readonly T[], one: T): boolean => list.some((other) => same(other, one));
  return [...wanted.filter((one) => among(found, one)), ...found.filter((one) => !among(wanted, one))];
}
