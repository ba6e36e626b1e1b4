/** What can be written as JSON: a map has its keys sorted, an object keeps their order and leaves out what is undefined. */
export type HelmValue =
  | string
  | boolean
  | null
  | readonly HelmValue[]
  | ReadonlyMap<string, HelmValue>
  | { readonly [key: string]: HelmValue | undefined };

const escaped: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Writes JSON byte for byte as helm does, so that digests over it agree. Keys of a map are sorted by their UTF-8 bytes; HTML's special
 * characters and the two line separators are escaped. Source: Go's encoding/json, Marshal.
 */
export function writeHelmJson(value: HelmValue): string {
  if (typeof value === "string") {
    return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escaped[character] ?? character);
  }
  if (value === null || typeof value === "boolean") {
    return String(value);
  }
  if (isList(value)) {
    return `[${value.map(writeHelmJson).join(",")}]`;
  }
  const entries = value instanceof Map ? sortByBytes([...(value as ReadonlyMap<string, HelmValue>)]) : entriesOf(value);
  return `{${entries.map(([key, inner]) => `${writeHelmJson(key)}:${writeHelmJson(inner)}`).join(",")}}`;
}

/** Sorts pairs by the UTF-8 bytes of their keys. JavaScript compares UTF-16 units, and has U+FF5E after U+1F680. */
export function sortByBytes<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return entries.toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Array.isArray() does not know lists that are read only. */
function isList(value: HelmValue): value is readonly HelmValue[] {
  return Array.isArray(value);
}

function entriesOf(value: object): [string, HelmValue][] {
  return Object.entries(value as Record<string, HelmValue | undefined>).flatMap(([key, inner]) =>
    inner === undefined ? [] : [[key, inner]],
  );
}
