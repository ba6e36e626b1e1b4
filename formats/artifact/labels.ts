/** Keys that each image has as labels and each index as annotations: those of OCI image-spec 1.1 (annotations.md), and one of Lockstep's. */
export const labelKeys = {
  version: "org.opencontainers.image.version",
  revision: "org.opencontainers.image.revision",
  source: "org.opencontainers.image.source",
  created: "org.opencontainers.image.created",
  licenses: "org.opencontainers.image.licenses",
  /** sha256 of the build's configuration: another value under the same version is an error. */
  buildInputs: "dev.lockstep.build-inputs",
} as const;

/** The values of the labels. */
export interface LabelValues {
  version: string;
  /** Full commit id. */
  revision: string;
  /** Address of the repository: GHCR links a new package to it. */
  source: string;
  /** RFC 3339, the commit's time: a rebuild of the same commit has the same label. */
  created: string;
  licenses: string | undefined;
  buildInputs: string;
}

/** Makes the labels or annotations of one artifact: sorted by key, without those that have no value. */
export function labels(values: LabelValues): Record<string, string> {
  const entries = Object.entries(labelKeys).flatMap(([name, key]) => {
    const value = values[name as keyof LabelValues];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
