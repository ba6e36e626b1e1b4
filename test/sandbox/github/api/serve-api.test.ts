import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../../../sandbox/door/answer.ts";
import { repositoryRoutes } from "../../../../sandbox/github/accounts/repository-routes.ts";
import { linksOf } from "../../../../sandbox/github/api/links.ts";
import { createRateLimits } from "../../../../sandbox/github/api/rate-limit.ts";
import { serveApi } from "../../../../sandbox/github/api/serve-api.ts";
import type { Api, ApiParts } from "../../../../sandbox/github/api/serve-api.ts";
import { gitRoutes } from "../../../../sandbox/github/git/git-routes.ts";
import { assetRoutes } from "../../../../sandbox/github/releases/asset-routes.ts";
import { releaseRoutes } from "../../../../sandbox/github/releases/release-routes.ts";
import { makeMemoryStore } from "../../../../sandbox/github/store/memory-store.ts";
import { makeSettings } from "../../../../sandbox/github/store/settings-store.ts";
import { settledInMicrotasks } from "../settled.ts";

type Body = string | object | AsyncIterable<Buffer>;

/** An answer with its JSON, if it has any. */
interface Told extends Answer {
  json: Record<string, unknown>;
}

const widgets = "/api/v3/repos/acme/widgets";

let violations: string[];
let commit: string;
let api: Api;
beforeEach(async () => {
  ({ api, commit, violations } = await makeApi());
});

/** An API over a repository in memory that has one commit on its branch `main`. */
async function makeApi(parts: Partial<ApiParts> = {}): Promise<{ api: Api; commit: string; violations: string[] }> {
  const store = makeMemoryStore();
  const { git } = await store.create("acme", "widgets", {});
  const sha = git.addCommit({ message: "first", date: "2026-01-01T00:00:00Z" });
  git.push("refs/heads/main", sha);
  const found: string[] = [];
  const made = serveApi({
    routes: [...repositoryRoutes, ...gitRoutes, ...releaseRoutes, ...assetRoutes()],
    tokens: new Map([["secret", { login: "maintainer", push: true }]]),
    store,
    settings: makeSettings(),
    links: linksOf("http://github.test"),
    onViolation: (what) => found.push(what),
    ...parts,
  });
  return { api: made, commit: sha, violations: found };
}

async function call(method: string, path: string, body: Body = "", headers = {}, on: Api = api): Promise<Told> {
  const answer = await on({
    method,
    path,
    url: new URL(path, "http://github.test"),
    headers: { "user-agent": "test", authorization: "Bearer secret", ...headers },
    async *body() {
      if (typeof body === "object" && Symbol.asyncIterator in body) {
        yield* body;
      } else {
        yield Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      }
    },
  });
  const text = typeof answer.body === "string" && answer.body !== "" ? answer.body : "{}";
  return { ...answer, json: JSON.parse(text) as Record<string, unknown> };
}

async function draftOf(tag: string, fields = {}, on: Api = api): Promise<Told> {
  return call("POST", `${widgets}/releases`, { tag_name: tag, draft: true, ...fields }, {}, on);
}

function upload(draft: Told, body: Body, on: Api = api): Promise<Told> {
  const path = `/api/uploads/repos/acme/widgets/releases/${String(draft.json["id"])}/assets?name=greeting.txt`;
  return call("POST", path, body, { "content-length": "5", "content-type": "text/plain" }, on);
}

async function assetsOf(draft: Told): Promise<{ id: number; state: string; size: number; digest: string | null }[]> {
  const { json } = await call("GET", `${widgets}/releases/${String(draft.json["id"])}/assets`);
  return json as unknown as Awaited<ReturnType<typeof assetsOf>>;
}

describe("serveApi, called without a socket", () => {
  it("shows a starter to others until the last step of an upload", async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: last, resolve: send } = Promise.withResolvers<void>();
    const draft = await draftOf("v1.0.0");
    const uploading = upload(
      draft,
      (async function* () {
        yield Buffer.from("hel");
        begin();
        await last;
        yield Buffer.from("lo");
      })(),
    );
    await begun;
    const [during] = await assetsOf(draft);
    send();
    const uploaded = await uploading;
    const [after] = await assetsOf(draft);
    const digest = `sha256:${createHash("sha256").update("hello").digest("hex")}`;
    expect(during).toMatchObject({ state: "starter", size: 0, digest: null });
    expect([uploaded.status, after]).toEqual([201, uploaded.json]);
    expect(after).toMatchObject({ state: "uploaded", size: 5, digest });
    expect(violations).toEqual([]);
  });

  it("gives back the bytes that were uploaded", async () => {
    const draft = await draftOf("v1.0.0");
    const { json } = await upload(draft, "hello");
    const path = `${widgets}/releases/assets/${String(json["id"])}`;
    const { body, headers } = await call("GET", path, "", { accept: "application/octet-stream" });
    expect(body).toBeInstanceOf(Readable);
    expect(Buffer.concat(await (body as Readable).toArray()).toString()).toBe("hello");
    expect(headers).toMatchObject({ "content-type": "text/plain", "content-length": "5" });
  });

  it("leaves a starter when the body of an upload breaks off", async () => {
    const draft = await draftOf("v1.0.0");
    const broken = upload(
      draft,
      (async function* () {
        yield Buffer.from("hel");
        throw new Error("the peer is gone");
      })(),
    );
    await expect(broken).rejects.toThrow("the peer is gone");
    expect((await assetsOf(draft)).map(({ state }) => state)).toEqual(["starter"]);
  });

  it("publishes a release with its tag, and has the latest one", async () => {
    const draft = await draftOf("v1.0.0", { target_commitish: commit });
    const before = await call("GET", `${widgets}/releases/latest`);
    await call("PATCH", `${widgets}/releases/${String(draft.json["id"])}`, { draft: false });
    const [latest, tag] = [
      await call("GET", `${widgets}/releases/latest`),
      await call("GET", `${widgets}/git/ref/tags/v1.0.0`),
    ];
    expect([before.status, latest.json["id"]]).toEqual([404, draft.json["id"]]);
    expect(tag.json["object"]).toMatchObject({ sha: commit, type: "commit" });
    expect(violations).toEqual([]);
  });

  it("makes an annotated tag once for many callers", async () => {
    const fields = { tag: "v1.0.0", message: "Notes\n", object: commit, type: "commit" };
    const tag = await call("POST", `${widgets}/git/tags`, fields);
    const reference = { ref: "refs/tags/v1.0.0", sha: tag.json["sha"] };
    const tries = await Promise.all([1, 2, 3].map(() => call("POST", `${widgets}/git/refs`, reference)));
    const read = await call("GET", `${widgets}/git/tags/${String(tag.json["sha"])}`);
    expect(tries.map(({ status }) => status).toSorted()).toEqual([201, 422, 422]);
    expect(read.json).toMatchObject({ tag: "v1.0.0", message: "Notes\n", object: { sha: commit } });
    expect(violations).toEqual([]);
  });

  it("waits for nothing outside of the program", async () => {
    const all = async (): Promise<number> => {
      const draft = await draftOf("v1.0.0");
      await upload(draft, "hello");
      await call("PATCH", `${widgets}/releases/${String(draft.json["id"])}`, { draft: false });
      return (await call("GET", `${widgets}/releases/latest`)).status;
    };
    expect(await settledInMicrotasks(all())).toBe(200);
  });

  it("answers two equal sequences of calls in the same way", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-01-02T03:04:05Z"), toFake: ["Date"] });
    const sequence = async (): Promise<Told[]> => {
      const { api: on } = await makeApi();
      const draft = await draftOf("v1.0.0", {}, on);
      const uploaded = await upload(draft, "hello", on);
      return [draft, uploaded, await call("GET", `${widgets}/releases`, "", {}, on)];
    };
    try {
      expect(await sequence()).toEqual(await sequence());
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("serveApi, about a call that it refuses", () => {
  it.each([
    ["without a user agent", "GET", widgets, "", { "user-agent": undefined }, 403, /User-Agent/],
    ["with an unknown token", "GET", widgets, "", { authorization: "Bearer other" }, 401, /^Bad credentials$/],
    ["with half a JSON text", "POST", `${widgets}/releases`, "{", {}, 400, /^Problems parsing JSON$/],
    ["with a JSON text that is a list", "POST", `${widgets}/releases`, "[]", {}, 400, /object$/],
    ["about nothing", "GET", "/api/v3/repos/acme/none", "", {}, 404, /^Not Found$/],
  ])("answers one %s", async (_, method, path, body, headers, status, words) => {
    const answer = await call(method, path, body, headers);
    expect([answer.status, answer.json["message"]]).toEqual([status, expect.stringMatching(words)]);
    expect(violations).toEqual([]);
  });

  it("counts an operation that it does not know as a violation", async () => {
    const { status } = await call("GET", `${widgets}/actions/runs`);
    expect([status, violations]).toEqual([
      501,
      [`GET ${widgets}/actions/runs: the sandbox does not know this operation`],
    ]);
  });
});

describe("serveApi, with parts that can be left out", () => {
  it("compares with GitHub's description unless it is not to", async () => {
    const path = `${widgets}/releases?nonsense=1`;
    const unchecked = await makeApi({ checksDescription: false });
    const answers = [await call("GET", path), await call("GET", path, "", {}, unchecked.api)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(violations).toEqual([`GET ${path}: request: query parameter nonsense is not declared`]);
    expect(unchecked.violations).toEqual([]);
  });

  it("counts against a limit if there is one", async () => {
    const limited = await makeApi({ limits: createRateLimits() });
    const answers = [await call("GET", widgets), await call("GET", widgets, "", {}, limited.api)];
    expect(answers.map(({ headers }) => headers?.["x-ratelimit-remaining"])).toEqual([undefined, "4999"]);
  });

  it("answers 404 at an address that is said to be missing", async () => {
    const isMissing = (pathname: string): boolean => pathname.endsWith("/missing");
    const { api: on, violations: found } = await makeApi({ isMissing });
    const statuses = [
      (await call("GET", "/api/v3/missing", "", {}, on)).status,
      (await call("GET", "/api/v3/other", "", {}, on)).status,
    ];
    expect([statuses, found.length]).toEqual([[404, 501], 1]);
  });
});
