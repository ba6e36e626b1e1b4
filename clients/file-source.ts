/**
 * Where the bytes of a file come from: a path, relative to the current folder; the text itself; or what makes the bytes when they are needed,
 * the same ones each time.
 */
export type FileSource = { path: string } | { text: string } | { make: () => Promise<Buffer> };
