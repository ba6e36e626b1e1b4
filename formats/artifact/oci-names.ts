const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

/** One part of a repository's name; units and artifacts are named by the same rule: `app`, `app-worker`. */
export const ociComponent = new RegExp(`^${component}$`);

/**
 * An OCI repository with its registry and without tag or digest: `ghcr.io/acme/app`. Only for texts of bounded length.
 * Grammar: OCI distribution-spec 1.1.1, "Pulling manifests" (name), and Docker's rule that the part before the first slash is a registry
 * only if it has a dot, a port, or is `localhost`.
 */
export const ociRepository = new RegExp(`^[A-Za-z0-9.-]*(?:\\.|:[0-9]+|localhost)[A-Za-z0-9.:-]*(?:/${component})+$`);

/** A tag. Grammar: OCI distribution-spec 1.1.1, "Pulling manifests". */
export const ociTag = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** The registry of a repository, in lower case and with its port: `ghcr.io`. */
export function registryOf(repository: string): string {
  return repository.slice(0, repository.indexOf("/")).toLowerCase();
}
