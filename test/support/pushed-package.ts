import { attachBundle } from "../clients/registry/attached-bundle.ts";
import { digestOf, registryClient } from "../sandbox/registry-client.ts";
import { signStatement } from "../../clients/sigstore/signing.ts";
import { makeSignatureStatement, signaturePredicate } from "../../formats/signing/statement.ts";
import type { SigningSandbox } from "../clients/sigstore/signing-sandbox.ts";

const indexType = "application/vnd.oci.image.index.v1+json";
const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** A build as a release leaves it in a registry: an index of two platforms, signed. */
export interface PushedBuild {
  index: string;
  platforms: string[];
}

/** Pushes into one repository of a sandbox, as builds and people do. */
export function pushedPackage(signing: SigningSandbox, { name, repository }: { name: string; repository: string }) {
  const client = registryClient(signing.sandbox);
  const token = () => client.bearer([`repository:${name}:pull,push`]);
  const put = async (reference: string, type: string, body: string): Promise<void> => {
    const init = { body, headers: { "content-type": type } };
    const answer = await client.send("PUT", `/v2/${name}/manifests/${reference}`, await token(), init);
    if (!answer.ok) {
      throw new Error(`PUT ${reference}: ${answer.status} ${await answer.text()}`);
    }
  };
  const sign = async (digest: string): Promise<void> => {
    const bundle = await signStatement(makeSignatureStatement(digest), signing.instance());
    await attachBundle(repository, digest, bundle, signaturePredicate);
  };
  return {
    /** An image without a tag. */
    image: (content: string): Promise<string> => client.pushImage(name, "", content),
    /** An index without a tag, over two images that are pushed for it; index and images are signed. */
    async build(content: string): Promise<PushedBuild> {
      const platforms: string[] = [];
      for (const architecture of ["amd64", "arm64"]) {
        platforms.push(await client.pushImage(name, "", `${content} for ${architecture}`));
      }
      const manifests = platforms.map((digest) => ({ mediaType: manifestType, digest, size: 1 }));
      const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
      const index = digestOf(body);
      await put(index, indexType, body);
      for (const digest of [index, ...platforms]) {
        await sign(digest);
      }
      return { index, platforms };
    },
    /** Puts a manifest that is there under a tag. */
    async tag(digest: string, tag: string): Promise<void> {
      const init = { headers: { accept: `${indexType}, ${manifestType}` } };
      const there = await client.send("GET", `/v2/${name}/manifests/${digest}`, await token(), init);
      await put(tag, there.headers.get("content-type") ?? "", await there.text());
    },
    /** Whether a registry still gives these. */
    async there(digests: readonly string[]): Promise<boolean[]> {
      const init = { headers: { accept: `${indexType}, ${manifestType}` } };
      const bearer = await token();
      return Promise.all(
        digests.map(async (digest) => (await client.send("HEAD", `/v2/${name}/manifests/${digest}`, bearer, init)).ok),
      );
    },
  };
}
