/** Name of the asset with a file's Sigstore bundle, which cosign, gh and every other Sigstore client can read. */
export function bundleName(file: string): string {
  return `${file}.sigstore.json`;
}

/**
 * Name of the asset with the bare signature of a file, base64 in one line; only `.tgz` files have one.
 * @returns undefined for all others
 */
export function bareSignatureName(file: string): string | undefined {
  return file.endsWith(".tgz") ? `${file}.sig` : undefined;
}

/** Names of all signature assets of a file. */
export function signatureNames(file: string): string[] {
  return [bundleName(file), bareSignatureName(file) ?? []].flat();
}
