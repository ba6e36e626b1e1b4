import { z } from "zod";

/** Where GitHub keeps container packages. */
export const Packages = z.strictObject({
  /**
   * Host of the registry whose packages GitHub's API knows. Default `ghcr.io`; on GitHub Enterprise Server `containers.HOSTNAME`. Images
   * elsewhere are pushed as well, but only GitHub reports visibility and the linked repository.
   */
  registry: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(:\d+)?$/, { error: "must be a host, with a port if need be, and without a path" })
    .default("ghcr.io")
    .meta({ example: "ghcr.io" }),
});
