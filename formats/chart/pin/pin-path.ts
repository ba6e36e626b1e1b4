/** In characters. A record has the path, and its patterns are slow on long texts. */
const longest = 255;

/**
 * Reads the path of a value as helm's `--set` has it: `image.tag`, `containers[0].image`, and `\.` for a dot within a key.
 * @returns the keys, and numbers for places in lists; undefined if it is not such a path, is too long, or has characters that move a cursor or
 * change the direction of a text
 */
export function readPinPath(text: string): (string | number)[] | undefined {
  if (text.length > longest || /[\p{Cc}\p{Cf}]/u.test(text)) {
    return undefined;
  }
  const key = String.raw`(?:[^.[\]\\]|\\.)+`;
  const place = String.raw`(?:\[\d{1,4}\])*`;
  if (!new RegExp(`^${key}${place}(?:\\.${key}${place})*$`, "s").test(text)) {
    return undefined;
  }
  return [...text.matchAll(new RegExp(`(${key})|\\[(\\d+)\\]`, "gs"))].map(([, name, index]) =>
    name === undefined ? Number(index) : name.replace(/\\(.)/gs, "$1"),
  );
}
