import { setTimeout as delay } from "node:timers/promises";
import { currentContext } from "../machine/processes.ts";
import { digestOf } from "../world/registry.ts";
import type { BuildInputs } from "./simulated-graph.ts";

/** Times that a push is tried, as BuildKit does. */
const tries = 5;

/**
 * Builds and pushes one platform by digest, without a tag.
 * @param nonce stands in the image if it is not reproducible: every build then has a digest of its own
 * @returns the digest
 */
export async function build({ repository, platform, buildInputs }: BuildInputs, nonce: string): Promise<string> {
  await delay(Math.floor(Math.random() * 2000));
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      annotations: { platform, buildInputs, commit: currentContext().process.commit, nonce },
      layers: [],
    }),
  );
  const [registry, ...name] = repository.split("/");
  const digest = digestOf(bytes);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(`https://${registry}/v2/${name.join("/")}/manifests/${digest}`, {
        method: "PUT",
        headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
        body: bytes,
      });
      if (answer.ok) {
        return digest;
      }
    } catch (error) {
      if (attempt === tries) {
        throw error;
      }
    }
    if (attempt === tries) {
      throw new Error(`the push of ${repository} was refused ${tries} times`);
    }
    await delay(1000 * attempt);
  }
}
