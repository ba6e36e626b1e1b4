import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Repository } from "./git-refs.ts";
import { gitHub } from "./github.ts";
import type { Release, ReleaseAsset } from "./releases.ts";

/** What is uploaded: a file, or a text that was made in memory. */
export interface AssetContent {
  name: string;
  /** In bytes. */
  size: number;
  /** Path of the file, relative to the current folder; or the text itself. */
  source: { path: string } | { text: string };
}

/**
 * Uploads an asset as a stream. Not retried: a caller that gets no answer looks first, because GitHub may have kept it.
 * @param onProgress called with the number of bytes sent so far
 * @throws ServerRefusal; 422 `already_exists` where an asset of that name is there
 */
export async function uploadAsset(
  release: Release,
  content: AssetContent,
  onProgress: (bytes: number) => void,
): Promise<ReleaseAsset> {
  const address = release.upload_url.replace(/\{.*\}$/, "");
  const answer = await gitHub().request({
    method: "POST",
    url: `${address}?name=${encodeURIComponent(content.name)}`,
    headers: { "content-type": contentType(content.name), "content-length": content.size },
    data: counted(content, onProgress),
  });
  return answer.data as ReleaseAsset;
}

/**
 * The sha256 of an asset: GitHub's own where it tells one, else of the bytes, which are then downloaded.
 * @returns hex, 64 digits
 */
export async function assetSha256(repository: Repository, asset: ReleaseAsset): Promise<string> {
  if (asset.digest?.startsWith("sha256:")) return asset.digest.slice("sha256:".length);
  const hash = createHash("sha256");
  for await (const chunk of await download(repository, asset.id)) hash.update(chunk);
  return hash.digest("hex");
}

/** The text of a small asset. */
export async function assetText(repository: Repository, id: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await download(repository, id)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Deletes an asset of a draft. */
export async function deleteAsset(repository: Repository, id: number): Promise<void> {
  await gitHub().rest.repos.deleteReleaseAsset({ ...repository, asset_id: id });
}

async function download(repository: Repository, id: number): Promise<AsyncIterable<Uint8Array>> {
  const answer = await gitHub().request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
    ...repository,
    asset_id: id,
    headers: { accept: "application/octet-stream" },
    request: { parseSuccessResponseBody: false },
  });
  return answer.data as unknown as AsyncIterable<Uint8Array>;
}

function counted(content: AssetContent, onProgress: (bytes: number) => void): ReadableStream | Buffer {
  if ("text" in content.source) return Buffer.from(content.source.text);
  const file = createReadStream(content.source.path);
  let sent = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      sent += chunk.length;
      onProgress(sent);
      yield chunk;
    }
  }
  return Readable.toWeb(Readable.from(chunks(), { objectMode: false })) as ReadableStream;
}

/** GitHub shows the type to browsers; of the others it makes a download either way. */
function contentType(name: string): string {
  if (/\.(txt|md|sha256|asc|sig)$/.test(name)) return "text/plain; charset=utf-8";
  if (/\.json$/.test(name)) return "application/json";
  if (/\.ya?ml$/.test(name)) return "application/yaml";
  if (/\.(tgz|tar\.gz|gz)$/.test(name)) return "application/gzip";
  return "application/octet-stream";
}
