import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ReadableStream } from "node:stream/web";
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
    request: { fetch: streamingFetch },
  });
  return answer.data as ReleaseAsset;
}

/**
 * The sha256 of an asset: GitHub's own where it tells one, else of the bytes, which are then downloaded.
 * @returns hex, 64 digits
 */
export async function assetSha256(repository: Repository, asset: ReleaseAsset): Promise<string> {
  return asset.digest?.startsWith("sha256:")
    ? asset.digest.slice("sha256:".length)
    : assetBytesSha256(repository, asset.id);
}

/** The sha256 of the bytes that a download gives, in hex: believes nothing that GitHub says of them. */
export async function assetBytesSha256(repository: Repository, id: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of download(repository, id)) hash.update(chunk);
  return hash.digest("hex");
}

/** The text of a small asset. */
export async function assetText(repository: Repository, id: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of download(repository, id)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Deletes an asset of a draft. */
export async function deleteAsset(repository: Repository, id: number): Promise<void> {
  await gitHub().rest.repos.deleteReleaseAsset({ ...repository, asset_id: id });
}

/**
 * The bytes of an asset. The response is held until its body is read: Node's fetch cancels the body of a response that was collected as
 * garbage, and Octokit hands out the body alone, so that now and then a download would be empty.
 */
async function* download(repository: Repository, id: number): AsyncGenerator<Uint8Array> {
  const answers: Response[] = [];
  await gitHub().request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
    ...repository,
    asset_id: id,
    headers: { accept: "application/octet-stream" },
    request: {
      parseSuccessResponseBody: false,
      fetch: async (address: string, init: RequestInit) => {
        const answer = await fetch(address, init);
        answers.push(answer);
        return answer;
      },
    },
  });
  const body = answers.at(-1)?.body;
  if (!body) throw new Error(`the download of asset ${id} has no body`);
  yield* body;
}

function counted(content: AssetContent, onProgress: (bytes: number) => void): ReadableStream | Buffer {
  const { source } = content;
  if ("text" in source) return Buffer.from(source.text);
  async function* chunks(path: string): AsyncGenerator<Buffer> {
    let sent = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      onProgress(sent);
      yield chunk;
    }
  }
  return ReadableStream.from(chunks(source.path));
}

/**
 * fetch keeps a copy of a request's body for a redirect that may come, which is the whole file in memory, unless it is told that there
 * is neither a window nor a redirect to follow. Source: fetch.spec.whatwg.org, HTTP-network-or-cache fetch.
 */
function streamingFetch(address: string | URL | Request, init?: RequestInit): Promise<Response> {
  return fetch(address, { ...init, window: null, redirect: "error" });
}

/** GitHub shows the type to browsers; of the others it makes a download either way. */
function contentType(name: string): string {
  if (/\.(txt|md|sha256|asc|sig)$/.test(name)) return "text/plain; charset=utf-8";
  if (/\.json$/.test(name)) return "application/json";
  if (/\.ya?ml$/.test(name)) return "application/yaml";
  if (/\.(tgz|tar\.gz|gz)$/.test(name)) return "application/gzip";
  return "application/octet-stream";
}
