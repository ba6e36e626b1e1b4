import { onTestFinished, vi } from "vitest";
import type { Digest } from "../../../formats/artifact/manifest.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { bundleMediaType } from "../../../clients/sigstore/signing.ts";

const manifestMediaType = "application/vnd.oci.image.manifest.v1+json";
const indexMediaType = "application/vnd.oci.image.index.v1+json";

/** What a path is answered, or what makes the answer. */
export type MadeUpAnswer =
  | { status?: number; headers?: Record<string, string>; body?: string | ReadableStream<Uint8Array> }
  | ((init: RequestInit) => Promise<Response>);

/** What a list says of a manifest. */
export interface MadeUpEntry {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
}

let number = 0;

/**
 * A registry without a login that says whatever a test wants, in place of `fetch` until the test has ended. It takes what is put; what no
 * test said and no test put is 404.
 * `subject` is what things are attached to.
 * @param host one of its own for a registry that asks for a login: a process remembers that. Default `registry.example`
 */
export function madeUpRegistry(host = "registry.example") {
  const repository = `${host}/acme-${++number}/app-${number}`;
  const base = `https://${repository.replace("/", "/v2/")}/`;
  const answers = new Map<string, MadeUpAnswer>();
  const singles = new Map<string, MadeUpAnswer>();
  const acts = new Map<string, () => void>();
  const single = (request: string): MadeUpAnswer | undefined => {
    const answer = singles.get(request);
    singles.delete(request);
    return answer;
  };
  const asked: { method: string; path: string; headers: Headers; body: string }[] = [];
  let open = 0;
  let mostOpen = 0;

  const answered = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input);
    const path = address.startsWith(base) ? address.slice(base.length) : address;
    const method = init.method ?? "GET";
    const body = init.body instanceof Uint8Array ? Buffer.from(init.body).toString("utf8") : "";
    asked.push({ method, path, headers: new Headers(init.headers), body });
    mostOpen = Math.max(mostOpen, ++open);
    try {
      // A turn of the loop, so that what is asked for beside each other is.
      await new Promise(setImmediate);
      init.signal?.throwIfAborted();
      const answer = single(`${method} ${path}`) ??
        answers.get(`${method} ${path}`) ??
        taken(method, path, init, body) ??
        answers.get(path) ?? { status: 404 };
      const response =
        typeof answer === "function"
          ? await answer(init)
          : new Response(method === "HEAD" ? null : (answer.body ?? ""), {
              status: answer.status ?? 200,
              headers: answer.headers ?? {},
            });
      const act = acts.get(`${method} ${path}`);
      acts.delete(`${method} ${path}`);
      act?.();
      return Object.defineProperty(response, "url", { value: address });
    } finally {
      open -= 1;
    }
  };
  vi.stubGlobal("fetch", answered);
  onTestFinished(() => void vi.unstubAllGlobals());

  const kept = { headers: {} as Record<string, string> };
  const say = (path: string, answer: MadeUpAnswer): void => void answers.set(path, answer);
  const manifest = (body: string, reference?: string, mediaType = manifestMediaType): MadeUpEntry => {
    const digest = computeDigest(body);
    say(`manifests/${reference ?? digest}`, { body, headers: { "content-type": mediaType } });
    return { mediaType, digest, size: Buffer.byteLength(body) };
  };
  const subject: Digest = manifest(`{"subject":${number}}`).digest as Digest;
  const taken = (method: string, path: string, init: RequestInit, body: string): MadeUpAnswer | undefined => {
    if (method === "POST" && path === "blobs/uploads/") {
      return { status: 202, headers: { location: "/upload?state=x" } };
    }
    if (method !== "PUT") {
      return undefined;
    }
    const [, reference] = /^manifests\/(.*)$/.exec(path) ?? [];
    if (reference === undefined) {
      blob(body, "");
    } else {
      manifest(body, reference, new Headers(init.headers).get("content-type") ?? "");
    }
    return { status: 201, headers: reference?.startsWith("sha256:") ? kept.headers : {} };
  };
  const blob = (body: string, mediaType: string): MadeUpEntry => {
    const digest = computeDigest(body);
    say(`blobs/${digest}`, { body });
    return { mediaType, digest, size: Buffer.byteLength(body) };
  };
  return {
    repository,
    subject,
    asked,
    /** Paths of what was asked for so far that begin so. */
    askedFor: (start: string): string[] => asked.flatMap(({ path }) => (path.startsWith(start) ? [path] : [])),
    /** Requests that were open beside each other, at most. */
    get mostOpen() {
      return mostOpen;
    },
    say,
    /** Answers the next such request, `METHOD path`, so; the one after it as usual. */
    once: (request: string, answer: MadeUpAnswer): void => void singles.set(request, answer),
    /** Does something after the next such request, `METHOD path`, has taken effect. */
    after: (request: string, act: () => void): void => void acts.set(request, act),
    /** Headers of the answer to a manifest that is put by its digest. */
    kept,
    /** Puts a manifest, under its digest alone if no reference is given. */
    manifest,
    blob,
    /** Puts a manifest with one bundle of these bytes, and gives what a list says of it. */
    bundle(text: string, artifactType: string | undefined = bundleMediaType): MadeUpEntry & { layer: MadeUpEntry } {
      const layer = blob(text, bundleMediaType);
      const body = JSON.stringify({ schemaVersion: 2, layers: [layer], annotations: { n: String(++number) } });
      return { ...manifest(body), ...(artifactType === undefined ? {} : { artifactType }), layer };
    },
    /** Lists these under the tag that stands for the subject's referrers. */
    list(entries: readonly unknown[], more: object = {}): void {
      const body = JSON.stringify({ schemaVersion: 2, mediaType: indexMediaType, manifests: entries, ...more });
      manifest(body, subject.replace(":", "-"), indexMediaType);
    },
    /** Lists these by the referrers API, on its first page or the one with this query. */
    page(entries: readonly unknown[], { query = "", next }: { query?: string; next?: string } = {}): void {
      say(`referrers/${subject}${query}`, {
        body: JSON.stringify({ schemaVersion: 2, mediaType: indexMediaType, manifests: entries }),
        headers: next === undefined ? {} : { link: `<${next}>; rel="next"` },
      });
    },
  };
}
