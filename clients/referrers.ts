import { attachArtifactToImage } from "@sigstore/oci";
import type { Credentials } from "@sigstore/oci";
import { networkWords, ServerRefusal } from "../errors/server-refusal.ts";
import { dockerCredentials } from "./docker-credentials.ts";
import { askRegistry, partsOf, registryWords } from "./registry-access.ts";
import { getBlob, getManifest } from "./registry.ts";
import { retried } from "./retry.ts";
import { bundleMediaType } from "./signing.ts";
import type { StoredBundle } from "./signing.ts";

interface Descriptor {
  digest: string;
  mediaType: string;
}

/**
 * All Sigstore bundles that are attached to a digest: by the referrers API, else by the tag `sha256-HEX` that stands for it where a
 * registry has none (GHCR). The list's own artifact types are not believed: GHCR shows the config's instead of the bundle's.
 * Source: OCI distribution-spec 1.1, "Listing Referrers" and "Referrers Tag Schema".
 */
export async function bundlesOf(repository: string, digest: string): Promise<StoredBundle[]> {
  const listed = await referrersOf(repository, digest);
  const bundles = await Promise.all(
    listed.map(async ({ digest: referrer }) => {
      const manifest = await getManifest(repository, referrer);
      if (manifest === undefined) return [];
      const { layers = [] } = JSON.parse(manifest.bytes.toString("utf8")) as { layers?: Descriptor[] };
      const [layer] = layers.filter(({ mediaType }) => mediaType === bundleMediaType);
      const blob = layer && (await getBlob(repository, layer.digest));
      return blob === undefined ? [] : bundleIn(blob);
    }),
  );
  return bundles.flat();
}

/** Anybody who may push may attach anything: what is no JSON is nobody's bundle, and no reason to fail. */
function bundleIn(blob: Buffer): StoredBundle[] {
  try {
    return [JSON.parse(blob.toString("utf8")) as StoredBundle];
  } catch {
    return [];
  }
}

/**
 * Attaches a bundle to a digest, as cosign 3 does. Where the registry has no referrers API the list of referrers is read, changed and
 * written: two at once lose one, so callers attach to one digest one after another and read back.
 * @param predicateType of the statement in the bundle
 */
export async function attachBundle(
  repository: string,
  digest: string,
  bundle: StoredBundle,
  predicateType: string,
): Promise<void> {
  const { registry } = partsOf(repository);
  const credentials = await dockerCredentials(registry);
  try {
    await attachArtifactToImage({
      imageName: repository,
      imageDigest: digest,
      mediaType: bundleMediaType,
      artifact: Buffer.from(JSON.stringify(bundle)),
      annotations: {
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": predicateType,
        "org.opencontainers.image.created": new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      },
      // The library's type wants a login; a registry without one is served only when there is none.
      credentials: credentials as Credentials,
    });
  } catch (error) {
    const status = (error as { cause?: { statusCode?: number } }).cause?.statusCode ?? 0;
    // The library drops what the registry says; the status alone would be taken for that of another service.
    const words = status === 401 ? `authentication required: ${networkWords(error)}` : networkWords(error);
    throw new ServerRefusal({ request: `attach to ${repository}@${digest}`, status, words }, { cause: error });
  }
}

async function referrersOf(repository: string, digest: string): Promise<Descriptor[]> {
  const [listed, tagged] = await Promise.all([
    retried(() => listedReferrers(repository, digest)),
    getManifest(repository, digest.replace(":", "-")),
  ]);
  const fromTag = tagged === undefined ? [] : manifestsIn(tagged.bytes.toString("utf8"));
  const all = [...listed, ...fromTag];
  return all.filter(({ digest: one }, at) => all.findIndex((other) => other.digest === one) === at);
}

/** What the referrers API lists; nothing where the registry has no such API, which alone is said by 404 (and, by some, 400 or 405). */
async function listedReferrers(repository: string, digest: string): Promise<Descriptor[]> {
  const answer = await askRegistry(repository, `referrers/${digest}`, {
    headers: { accept: "application/vnd.oci.image.index.v1+json" },
  });
  if (answer.ok) return manifestsIn(await answer.text());
  const words = await registryWords(answer);
  if ([400, 404, 405].includes(answer.status)) return [];
  throw new ServerRefusal({ request: `GET ${repository}/referrers/${digest}`, status: answer.status, words });
}

function manifestsIn(text: string): Descriptor[] {
  const { manifests } = JSON.parse(text) as { manifests?: Descriptor[] };
  return manifests ?? [];
}
