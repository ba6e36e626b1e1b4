/**
 * Reads the path of a value as helm's `--set` has it: `image.tag`, `containers[0].image`, and `\.` for a dot within a key.
 * @returns the keys, and numbers for places in lists; undefined if it is not such a path
 */
export function readPinPath(text: string): (string | number)[] | undefined {
  const key = String.raw`(?:[^.[\]\\]|\\.)+`;
  const place = String.raw`(?:\[\d{1,4}\])*`;
  if (!new RegExp(`^${key}${place}(?:\\.${key}${place})*$`, "s").test(text)) {
    return undefined;
  }
  return [...text.matchAll(new RegExp(`(${key})|\\[(\\d+)\\]`, "gs"))].map(([, name, index]) =>
    name === undefined ? Number(index) : name.replace(/\\(.)/gs, "$1"),
  );
}
