import type { Sandbox } from "../../sandbox/sandbox.ts";

/** An answer of the API, whatever its status. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** Parsed JSON; empty for none. */
  body: Record<string, unknown>;
}

/** Plain fetch on the API, so that tests see what is on the wire. `token: ""` sends none. */
export function githubClient({ addresses, environment }: Pick<Sandbox, "addresses" | "environment">) {
  const own = environment["GITHUB_TOKEN"] ?? "";
  const send = async (method: string, path: string, body?: unknown, { token = own } = {}): Promise<ApiAnswer> => {
    const answer = await fetch(addresses.api + path, {
      method,
      headers: { accept: "application/vnd.github+json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  };
  return {
    get: (path: string, options = {}) => send("GET", path, undefined, options),
    post: (path: string, body: unknown, options = {}) => send("POST", path, body, options),
    patch: (path: string, body: unknown, options = {}) => send("PATCH", path, body, options),
    put: (path: string, body: unknown, options = {}) => send("PUT", path, body, options),
    delete: (path: string, options = {}) => send("DELETE", path, undefined, options),
    /** Uploads an asset to a release's `upload_url`. */
    async upload(
      release: Record<string, unknown>,
      name: string,
      bytes: string | ReadableStream<Uint8Array>,
      init: RequestInit = {},
    ): Promise<ApiAnswer> {
      const address = new URL(String(release["upload_url"]).replace("{?name,label}", ""));
      address.searchParams.set("name", name);
      const answer = await fetch(address, {
        method: "POST",
        body: bytes,
        ...init,
        headers: {
          authorization: `Bearer ${own}`,
          "content-type": "text/plain",
          ...(init.headers as Record<string, string>),
        },
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}
