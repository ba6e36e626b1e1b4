const place = /\{\{digest:([a-z0-9._-]+)\}\}/g;

/** A placeholder in notes for the digest of an artifact, filled once it is pushed. */
export function digestPlace(artifact: string): string {
  return `{{digest:${artifact}}}`;
}

/**
 * Fills the placeholders of a text.
 * @param digestOf the digest of an artifact by name; undefined leaves the placeholder as it is
 */
export function filled(text: string, digestOf: (artifact: string) => string | undefined): string {
  return text.replace(place, (whole, artifact: string) => digestOf(artifact) ?? whole);
}

/**
 * Puts places where filled() has put digests.
 * @param digests of the artifacts by name
 */
export function unfilled(text: string, digests: Readonly<Record<string, string>>): string {
  return Object.entries(digests).reduce(
    (rest, [artifact, digest]) => rest.replaceAll(digest, () => digestPlace(artifact)),
    text,
  );
}
