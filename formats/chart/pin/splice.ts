import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { CST, Pair } from "yaml";
import { parseHelmYaml } from "../helm/helm-yaml.ts";

/** A YAML text with another value in one place, or why it cannot have one. */
export type Spliced = { text: string } | { refused: string };

/** The place of a value in a text. */
interface Place {
  /** The value that is there, as text; empty for none. */
  value: string;
  from: number;
  to: number;
  /** What must stand before a value that was not there. */
  before: string;
}

/**
 * Replaces one value of a YAML text. Exactly one line changes, and in it only the value: comments, quotes elsewhere, indentation and line ends
 * stay as they are. Writing the document anew would change them.
 *
 * A value is never created: a path that is not there is a misspelt one. Refused is also what has an anchor or an alias on its way, because
 * another value would change with it, and what is not one plain or quoted line.
 * @param text of values.yaml or Chart.yaml, with or without a byte order mark
 * @param path keys, and numbers for places in lists
 */
export function splice(text: string, path: readonly (string | number)[], value: string): Spliced {
  const place = findPlace(text, path);
  return typeof place === "string"
    ? { refused: place }
    : { text: `${text.slice(0, place.from)}${place.before}${JSON.stringify(value)}${text.slice(place.to)}` };
}

/**
 * Reads a value that splice() could have written.
 * @param path keys, and numbers for places in lists
 * @returns the value as text, or why there is none
 */
export function readValue(text: string, path: readonly (string | number)[]): { value: string } | { refused: string } {
  const place = findPlace(text, path);
  return typeof place === "string" ? { refused: place } : { value: place.value };
}

/** @returns the place, or why there is none */
function findPlace(text: string, path: readonly (string | number)[]): Place | string {
  let document;
  try {
    document = parseHelmYaml(text);
  } catch (error) {
    return `cannot be read as YAML: ${(error as Error).message}`;
  }
  const [error] = document.errors;
  if (error) {
    return `cannot be read as YAML: ${error.message}`;
  }
  let node: unknown = document.contents;
  let pair: Pair | undefined;
  for (const key of path) {
    const fault = findFault(node);
    if (fault !== undefined) {
      return fault;
    }
    pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.source === key) : undefined;
    const isThere = isSeq(node) ? typeof key === "number" && key < node.items.length : pair !== undefined;
    if (!isThere) {
      return "does not exist, and no value is created";
    }
    node = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
  }
  return findFault(node) ?? placeOf(node, pair, text);
}

function findFault(node: unknown): string | undefined {
  if (isAlias(node)) {
    return "is an alias: its value belongs to another key";
  }
  const { anchor } = (node ?? {}) as { anchor?: string };
  return anchor === undefined ? undefined : "has an anchor: other values would change with it";
}

function placeOf(node: unknown, pair: Pair | undefined, text: string): Place | string {
  if (isMap(node) || isSeq(node)) {
    return `is a ${isMap(node) ? "map" : "list"}, not one value`;
  }
  if (!isScalar(node) || !node.range) {
    return "has no colon";
  }
  const [from, to] = node.range;
  if (node.tag !== undefined) {
    return "has a tag, which another value may not have";
  }
  if (node.type?.startsWith("BLOCK") || text.slice(from, to).includes("\n")) {
    return "is written over several lines";
  }
  if (from < to) {
    return { value: String(node.value), from, to, before: "" };
  }
  // An empty value has its place behind the comment of its line.
  const colon = (pair?.srcToken as CST.CollectionItem | undefined)?.sep?.find(({ type }) => type === "map-value-ind");
  return colon
    ? { value: "", from: colon.offset + 1, to: colon.offset + 1, before: " " }
    : "is an empty place in a list";
}
