/** Label and annotation that names the source repository of an image. */
const sourceLabel = "org.opencontainers.image.source";

/** Image configurations that have labels; a chart's configuration has none. */
const imageConfigurations = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

interface Manifest {
  annotations?: Record<string, unknown>;
  config?: { mediaType?: string; digest?: string };
}

/**
 * Reads the source repository of a manifest, `owner/name`: from its own annotation (an index has nothing else), or from the label of
 * its configuration, which `blob` fetches. Undefined if there is none, or its host is neither GitHub's nor the sandbox's.
 */
export async function sourceRepository(
  manifest: Buffer,
  blob: (digest: string) => Promise<Buffer | undefined>,
): Promise<string | undefined> {
  const { annotations, config } = (parsed(manifest) ?? {}) as Manifest;
  const annotated = annotations?.[sourceLabel];
  if (typeof annotated === "string") {
    return repositoryIn(annotated);
  }
  if (config?.digest === undefined || !imageConfigurations.has(config.mediaType ?? "")) {
    return undefined;
  }
  const configuration = parsed(await blob(config.digest)) as
    | { config?: { Labels?: Record<string, unknown> } }
    | undefined;
  const label = configuration?.config?.Labels?.[sourceLabel];
  return typeof label === "string" ? repositoryIn(label) : undefined;
}

function repositoryIn(address: string): string | undefined {
  const { hostname, pathname } = URL.parse(address) ?? {};
  const found = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(pathname ?? "")?.[1];
  return hostname === "github.com" || hostname === "127.0.0.1" ? found : undefined;
}

function parsed(bytes: Buffer | undefined): unknown {
  try {
    return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as unknown);
  } catch {
    return undefined;
  }
}
