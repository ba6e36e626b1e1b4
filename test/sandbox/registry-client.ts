import { createHash } from "node:crypto";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** `sha256:…` of bytes. */
export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A bare-bones OCI client that shows every answer as it is. */
export function registryClient({ addresses, environment }: Pick<Sandbox, "addresses" | "environment">) {
  const base = `http://${addresses.registry}`;
  const basic = `Basic ${Buffer.from(`maintainer:${environment["GITHUB_TOKEN"] ?? ""}`).toString("base64")}`;
  const askToken = (scopes: readonly string[], authorization: string | undefined = basic): Promise<Response> => {
    const query = new URLSearchParams(scopes.map((scope): [string, string] => ["scope", scope]));
    return fetch(`${base}/token?${query.toString()}`, authorization === "" ? {} : { headers: { authorization } });
  };
  const bearer = async (scopes: readonly string[], authorization?: string): Promise<string> => {
    const answer = (await (await askToken(scopes, authorization)).json()) as { token: string };
    return `Bearer ${answer.token}`;
  };
  const send = async (method: string, path: string, authorization: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, base), {
      method,
      redirect: "manual",
      ...init,
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        ...(authorization === "" ? {} : { authorization }),
      },
    });
  return {
    base,
    askToken,
    bearer,
    send,
    /** Pushes an image of one layer by tag (empty: by digest alone); returns the manifest's digest. Throws at the first refusal. */
    async pushImage(
      repository: string,
      tag: string,
      content: string,
      { labels, annotations }: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
    ): Promise<string> {
      const authorization = await bearer([`repository:${repository}:pull,push`]);
      const blob = async (bytes: Buffer): Promise<string> => {
        const opened = await send("POST", `/v2/${repository}/blobs/uploads/`, authorization);
        if (opened.status !== 202) {
          throw new Error(`POST upload: ${opened.status} ${await opened.text()}`);
        }
        const digest = digestOf(bytes);
        const location = `${opened.headers.get("location") ?? ""}&digest=${digest}`;
        const body = new Uint8Array(bytes);
        const headers = { "content-type": "application/octet-stream" };
        const stored = await send("PUT", location, authorization, { body, headers });
        if (stored.status !== 201) {
          throw new Error(`PUT blob: ${stored.status} ${await stored.text()}`);
        }
        return digest;
      };
      const layer = Buffer.from(content);
      const config = Buffer.from(
        JSON.stringify({
          architecture: "amd64",
          os: "linux",
          rootfs: { type: "layers", diff_ids: [] },
          ...(labels === undefined ? {} : { config: { Labels: labels } }),
        }),
      );
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: {
          mediaType: "application/vnd.oci.image.config.v1+json",
          digest: await blob(config),
          size: config.length,
        },
        layers: [
          { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: await blob(layer), size: layer.length },
        ],
        ...(annotations === undefined ? {} : { annotations }),
      });
      const headers = { "content-type": manifestType };
      const reference = tag === "" ? digestOf(manifest) : tag;
      const put = await send("PUT", `/v2/${repository}/manifests/${reference}`, authorization, {
        body: manifest,
        headers,
      });
      if (put.status !== 201) {
        throw new Error(`PUT manifest: ${put.status} ${await put.text()}`);
      }
      return digestOf(manifest);
    },
  };
}

/** Media type of an OCI image manifest. */
export const manifestType = "application/vnd.oci.image.manifest.v1+json";
