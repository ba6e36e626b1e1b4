/** The parts of a path of the OCI distribution API. */
export interface RegistryRoute {
  kind: "base" | "upload-start" | "upload" | "manifest" | "blob" | "tags" | "referrers" | "other";
  /** Empty for the base path. */
  repository: string;
  /** Session, digest or tag. */
  reference: string;
}

const routes: readonly [RegistryRoute["kind"], RegExp][] = [
  ["upload-start", /^\/v2\/(.+)\/blobs\/uploads\/?$/],
  // GitHub's registry spells the session's path `upload`; the specification only asks clients to follow Location.
  ["upload", /^\/v2\/(.+)\/blobs\/upload\/([^/]+)$/],
  ["manifest", /^\/v2\/(.+)\/manifests\/([^/]+)$/],
  ["blob", /^\/v2\/(.+)\/blobs\/([^/]+)$/],
  ["tags", /^\/v2\/(.+)\/tags\/list$/],
  ["referrers", /^\/v2\/(.+)\/referrers\/([^/]+)$/],
];

/** Splits a path; undefined if it does not belong to the API. */
export function routeOf(path: string): RegistryRoute | undefined {
  if (path === "/v2/" || path === "/v2") {
    return { kind: "base", repository: "", reference: "" };
  }
  for (const [kind, pattern] of routes) {
    const [, repository, reference = ""] = pattern.exec(path) ?? [];
    if (repository !== undefined) {
      return { kind, repository, reference };
    }
  }
  return undefined;
}

/** Translates an upload session's path to the spelling of the registry behind the door. */
export function upstreamPath(path: string): string {
  return path.replace(/\/blobs\/upload\/([^/]+)$/, "/blobs/uploads/$1");
}

/** Translates a Location: without host, and with GitHub's spelling of an upload session. */
export function publicLocation(location: string): string {
  const { pathname, search } = new URL(location, "http://127.0.0.1");
  return pathname.replace(/\/blobs\/uploads\/([^/]+)$/, "/blobs/upload/$1") + search;
}
