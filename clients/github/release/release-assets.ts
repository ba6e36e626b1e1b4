import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ReadableStream } from "node:stream/web";
import { findContent, keepContent } from "../../content-cache.ts";
import type { FileSource } from "../../file-source.ts";
import type { Repository } from "../git-refs.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { mostBytes } from "../../bounded-body.ts";
import { makeGitHubDownload, makeGitHubUpload } from "../fetch.ts";
import { gitHub, gitHubApi } from "../github.ts";
import type { Release, ReleaseAsset } from "./releases.ts";

/** The content of an upload. */
export interface AssetContent {
  name: string;
  /** In bytes. */
  size: number;
  source: FileSource;
}

/**
 * Uploads an asset as a stream. Not retried: a caller that gets no answer checks first, because GitHub may have kept it.
 * @param onProgress called with the number of bytes sent so far
 * @throws ServerRefusal; 422 `already_exists` if an asset of that name exists; before the request, what the content's `make` throws
 */
export async function uploadAsset(
  release: Release,
  content: AssetContent,
  onProgress: (bytes: number) => void,
): Promise<ReleaseAsset> {
  const made = "make" in content.source ? { bytes: await content.source.make() } : content.source;
  const address = release.upload_url.replace(/\{.*\}$/, "");
  if ("text" in made) {
    await keepContent(Buffer.from(made.text));
  }
  const answer = await gitHub().request({
    method: "POST",
    url: `${address}?name=${encodeURIComponent(content.name)}`,
    headers: { "content-type": chooseContentType(content.name), "content-length": content.size },
    request: { fetch: makeGitHubUpload(gitHubApi(), (moved) => makeCountedBody(made, onProgress, moved)) },
  });
  return answer.data as ReleaseAsset;
}

/** An asset to download: GitHub's number for it, its size in bytes, and its digest if GitHub gives one. */
export type DownloadedAsset = Pick<ReleaseAsset, "id" | "size"> & Partial<Pick<ReleaseAsset, "digest">>;

/**
 * The sha256 of an asset: GitHub's own if it gives one, else that of the bytes, which are then downloaded.
 * @returns hex, 64 digits
 */
export async function findAssetSha256(repository: Repository, asset: ReleaseAsset): Promise<string> {
  return asset.digest?.startsWith("sha256:")
    ? asset.digest.slice("sha256:".length)
    : computeAssetSha256(repository, asset);
}

/** The sha256 of an asset's downloaded bytes, in hex: it does not trust what GitHub says about them. */
export async function computeAssetSha256(repository: Repository, asset: DownloadedAsset): Promise<string> {
  let hash = createHash("sha256");
  await download(repository, asset, () => {
    hash = createHash("sha256");
    return (chunk) => hash.update(chunk);
  });
  return hash.digest("hex");
}

/**
 * Reads the text of a small asset. If the content cache has the bytes of the digest that GitHub names, nothing is downloaded.
 * @param most bytes
 * @throws ServerRefusal if it is longer
 */
export async function readAssetText(
  repository: Repository,
  asset: DownloadedAsset,
  most: number = mostBytes.bundle,
): Promise<string> {
  const tooLong = (): ServerRefusal => {
    const request = `GET ${repository.owner}/${repository.repo} asset ${asset.id}`;
    return new ServerRefusal({ request, status: 200, words: `the asset is longer than ${most} bytes` });
  };
  if (asset.size > most) {
    throw tooLong();
  }
  const cached = asset.digest ? await findContent(asset.digest) : undefined;
  if (cached !== undefined) {
    return cached.toString("utf8");
  }
  let chunks: Uint8Array[] = [];
  await download(repository, asset, () => {
    let length = 0;
    chunks = [];
    return (chunk) => {
      length += chunk.length;
      if (length > most) {
        throw tooLong();
      }
      chunks.push(chunk);
    };
  });
  const bytes = Buffer.concat(chunks);
  await keepContent(bytes);
  return bytes.toString("utf8");
}

/** Deletes an asset of a draft. */
export async function deleteAsset(repository: Repository, id: number): Promise<void> {
  await gitHub().rest.repos.deleteReleaseAsset({ ...repository, asset_id: id });
}

/**
 * Downloads an asset, again if it breaks off.
 * @param start as in makeGitHubDownload()
 * @throws ServerRefusal with status 0 if it is shorter or longer than GitHub says, because its content is then unknown
 */
async function download(
  repository: Repository,
  { id, size }: DownloadedAsset,
  start: () => (chunk: Uint8Array) => void,
): Promise<void> {
  await gitHub().request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
    ...repository,
    asset_id: id,
    headers: { accept: "application/octet-stream" },
    request: { fetch: makeGitHubDownload(gitHubApi(), start, size) },
  });
}

function makeCountedBody(
  source: { path: string } | { text: string } | { bytes: Buffer },
  onProgress: (bytes: number) => void,
  moved: () => void,
): ReadableStream | Buffer {
  if (!("path" in source)) {
    return "text" in source ? Buffer.from(source.text) : source.bytes;
  }
  async function* readChunks(path: string): AsyncGenerator<Buffer> {
    let sent = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      moved();
      onProgress(sent);
      yield chunk;
    }
  }
  return ReadableStream.from(readChunks(source.path));
}

/** GitHub sends this type to browsers; for other files a browser starts a download in any case. */
function chooseContentType(name: string): string {
  if (/\.(txt|md|sha256|asc|sig)$/.test(name)) {
    return "text/plain; charset=utf-8";
  }
  if (/\.json$/.test(name)) {
    return "application/json";
  }
  if (/\.ya?ml$/.test(name)) {
    return "application/yaml";
  }
  if (/\.(tgz|tar\.gz|gz)$/.test(name)) {
    return "application/gzip";
  }
  return "application/octet-stream";
}
