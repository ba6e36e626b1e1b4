import { z } from "zod";
import { Digest } from "../artifact/manifest.ts";
import { parseBoundedJson } from "../bounded-json.ts";

/** The beginning of a map. GitHub does not show comments to readers of a description. */
const opening = /<!--\s*attestation[-_]map\b/gi;
const closing = "-->";

/** How long the JSON of a map may be, in characters. */
export const longestMap = 16_384;
/** How many attestations a map may name. */
export const mostMapped = 32;

/** Numbers at GitHub; a check may have names of its own. */
const Id = z.union([
  z
    .int()
    .positive()
    .transform((id) => String(id)),
  z
    .string()
    .max(64, { abort: true })
    .regex(/^[A-Za-z0-9_-]+$/, { error: "is not an id" }),
]);

const Entry = z.union([Id.transform((id) => ({ id })), z.object({ id: Id, digest: Digest.optional() })]);

/** The name of a check. */
const name = /^[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,99}$/;

/** An attestation that the description of a pull request names. */
export interface MappedAttestation {
  /** What the description calls it: `lint`. */
  name: string;
  /** GitHub's number for it, or any other text that the description gives. */
  id: string;
  /** What it is about; left out if the description does not say. */
  digest?: Digest;
}

/** The map of a description. */
export interface AttestationMap {
  /** Sorted by name; empty without a map, and if the map cannot be used. */
  entries: MappedAttestation[];
  /** Why there are none, as the rest of a sentence about the description: "has no attestation map". Left out if there is a map. */
  problem?: string;
}

/**
 * Reads the attestation map in the description of a pull request: JSON in a comment that begins with `<!-- attestation-map`, name → id, or name
 * → `{id, digest}`. Whoever may edit the description may write anything there, so a map counts as a whole or not at all.
 */
export function readAttestationMap(description: string): AttestationMap {
  const [first, ...others] = [...description.matchAll(opening)].map((match) => match.index + match[0].length);
  if (first === undefined) {
    return unusable("has no attestation map");
  }
  if (others.length > 0) {
    return unusable(`has ${others.length + 1} attestation maps, so none of them counts`);
  }
  const end = description.indexOf(closing, first);
  if (end < 0) {
    return unusable("has an attestation map without an end (`-->`)");
  }
  const text = description.slice(first, end);
  return text.length > longestMap
    ? unusable(`has an attestation map of more than ${longestMap} characters`)
    : readEntries(text);
}

function readEntries(text: string): AttestationMap {
  let document: unknown;
  try {
    document = parseBoundedJson(Buffer.from(text));
  } catch {
    return unusable("has an attestation map that is not JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return unusable("has an attestation map that is not a JSON object");
  }
  const written = Object.entries(document);
  if (written.length > mostMapped) {
    return unusable(`has an attestation map with more than ${mostMapped} entries`);
  }
  const entries: MappedAttestation[] = [];
  for (const [key, value] of written) {
    const read = Entry.safeParse(value);
    if (!name.test(key)) {
      return unusable("has an attestation map with a name that is not the name of a check");
    }
    if (!read.success) {
      return unusable(`has an attestation map in which \`${key}\` is not an id, or an id and a digest`);
    }
    entries.push({ name: key, ...withoutUndefined(read.data) });
  }
  return { entries: entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function withoutUndefined({
  id,
  digest,
}: {
  id: string;
  digest?: Digest | undefined;
}): Omit<MappedAttestation, "name"> {
  return digest === undefined ? { id } : { id, digest };
}

function unusable(problem: string): AttestationMap {
  return { entries: [], problem };
}
