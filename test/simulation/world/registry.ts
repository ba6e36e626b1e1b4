import { createHash } from "node:crypto";
import type { Reply, SentRequest } from "../machine/network.ts";

/** A manifest in the registry. */
export interface StoredManifest {
  mediaType: string;
  bytes: Buffer;
  /** The same, parsed. */
  content: ManifestContent;
}

/** What the simulation reads of a manifest. */
export interface ManifestContent {
  subject?: { digest: string };
  artifactType?: string;
  annotations?: Record<string, string>;
  layers?: { digest: string }[];
  manifests?: { digest: string }[];
}

/** One repository of the registry. */
export interface RegistryRepository {
  /** By digest. */
  manifests: Map<string, StoredManifest>;
  tags: Map<string, string>;
  blobs: Map<string, Buffer>;
  /** Digests of manifests by the digest of their subject. */
  subjects: Map<string, string[]>;
}

/** A registry in memory: manifests, tags, blobs and, if it has the API, referrers. Source: OCI distribution-spec 1.1. */
export class Registry {
  readonly repositories = new Map<string, RegistryRepository>();
  /** Whether it keeps lists of referrers itself; a registry without keeps them under tags that clients write. */
  readonly hasReferrers: boolean;
  #sessions = 0;

  constructor(hasReferrers: boolean) {
    this.hasReferrers = hasReferrers;
  }

  repository(name: string): RegistryRepository {
    const found = this.repositories.get(name) ?? {
      manifests: new Map(),
      tags: new Map(),
      blobs: new Map(),
      subjects: new Map(),
    };
    this.repositories.set(name, found);
    return found;
  }

  /** Stores a manifest and returns its digest. */
  put(name: string, mediaType: string, bytes: Buffer, tag?: string): string {
    const digest = digestOf(bytes);
    const repository = this.repository(name);
    if (!repository.manifests.has(digest)) {
      const content = JSON.parse(bytes.toString()) as ManifestContent;
      repository.manifests.set(digest, { mediaType, bytes, content });
      if (content.subject !== undefined) {
        const others = repository.subjects.get(content.subject.digest) ?? [];
        repository.subjects.set(content.subject.digest, [...others, digest]);
      }
    }
    if (tag !== undefined) {
      repository.tags.set(tag, digest);
    }
    return digest;
  }

  /** The manifest that a tag or a digest names. */
  find(name: string, reference: string): (StoredManifest & { digest: string }) | undefined {
    const { manifests, tags } = this.repository(name);
    const digest = reference.startsWith("sha256:") ? reference : tags.get(reference);
    const manifest = digest === undefined ? undefined : manifests.get(digest);
    return digest === undefined || manifest === undefined ? undefined : { ...manifest, digest };
  }

  /** Digests of the manifests that are attached to a digest, as a client finds them. */
  referrers(name: string, digest: string): string[] {
    if (this.hasReferrers) {
      return this.repository(name).subjects.get(digest) ?? [];
    }
    const { content } = this.find(name, digest.replace(":", "-")) ?? {};
    return (content?.manifests ?? []).map((entry) => entry.digest);
  }

  /** Serves a request below /v2/. */
  serve({ method, url, headers, body }: SentRequest): Reply {
    const [, name = "", kind = "", reference = ""] =
      /^\/v2\/(.+?)\/(manifests|blobs|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    const repository = this.repository(name);
    if (kind === "manifests" && method === "PUT") {
      const type = headers.get("content-type") ?? "";
      const digest = this.put(name, type, body, reference.startsWith("sha256:") ? undefined : reference);
      const subject = this.hasReferrers ? repository.manifests.get(digest)?.content.subject?.digest : undefined;
      const kept = subject === undefined ? undefined : { "oci-subject": subject };
      return { status: 201, headers: { "docker-content-digest": digest, ...kept } };
    }
    if (kind === "manifests") {
      const found = this.find(name, reference);
      if (found === undefined) {
        return refusal(404, "MANIFEST_UNKNOWN");
      }
      const { digest, mediaType, bytes } = found;
      return {
        status: 200,
        headers: {
          "docker-content-digest": digest,
          "content-type": mediaType,
          "content-length": String(bytes.length),
        },
        body: method === "HEAD" ? "" : bytes,
      };
    }
    if (kind === "blobs" && method === "POST") {
      this.#sessions += 1;
      return { status: 202, headers: { location: `/v2/${name}/blobs/uploads/${this.#sessions}` } };
    }
    if (kind === "blobs" && method === "PUT") {
      const digest = digestOf(body);
      repository.blobs.set(digest, body);
      return { status: 201, headers: { "docker-content-digest": digest } };
    }
    if (kind === "blobs") {
      const blob = repository.blobs.get(reference);
      return blob === undefined
        ? refusal(404, "BLOB_UNKNOWN")
        : { status: 200, headers: { "content-length": String(blob.length) }, body: method === "HEAD" ? "" : blob };
    }
    if (kind === "referrers" && this.hasReferrers) {
      const manifests = this.referrers(name, reference).map((digest) => ({ digest, ...describe(repository, digest) }));
      const json = { schemaVersion: 2, mediaType: indexType, manifests };
      return { status: 200, headers: { "content-type": indexType }, body: JSON.stringify(json) };
    }
    return refusal(404, "NOT_FOUND");
  }
}

const indexType = "application/vnd.oci.image.index.v1+json";

/** `sha256:…` of bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function describe({ manifests }: RegistryRepository, digest: string): object {
  const { mediaType, bytes, content } = manifests.get(digest) ?? {};
  return { mediaType, size: bytes?.length, artifactType: content?.artifactType, annotations: content?.annotations };
}

function refusal(status: number, code: string): Reply {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code, message: code }] }),
  };
}
