import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gitHub, gitHubWeb, allowMissing } from "../../../clients/github/github.ts";
import { allReleases, listAssets, findRelease, findReleasesOfTag } from "../../../clients/github/release/releases.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { connectedSandbox } from "../connected-sandbox.ts";
import type { TestRepository } from "../connected-sandbox.ts";
import { failure } from "../failure.ts";
import { localServer } from "../local-server.ts";

const world = connectedSandbox();

const create = ({ owner, repo }: TestRepository, tag: string, draft = false) =>
  gitHub().rest.repos.createRelease({ owner, repo, tag_name: tag, draft });
const list = ({ owner, repo }: TestRepository) => gitHub().rest.repos.listReleases({ owner, repo });
const arm = (method: string, act: FaultAct, times = 1, when: "before" | "after" = "before"): void => {
  world.sandbox.faults.add({ door: "github", method, path: /./, when, times, act });
};
const statuses = (mark: number): number[] =>
  world.sandbox.journal.since(mark, { door: "github" }).map(({ status }) => status);

describe("gitHubApi, when GitHub refuses", () => {
  it("tells resource, field and code of a 422", async () => {
    const repository = await world.repository();
    await create(repository, "v1");
    const error = await failure(ServerRefusal, create(repository, "v1"));
    expect(error).toMatchObject({ status: 422, words: "Validation Failed: Release tag_name already_exists" });
  });
  it("tells the message of a 422 where its error has one", async () => {
    const repository = await world.repository();
    expect((await failure(ServerRefusal, create(repository, "v 1"))).words).toBe(
      "Validation Failed: tag_name is not well-formed",
    );
  });
  it("tells all errors of a 422", async () => {
    const repository = await world.repository();
    const errors = [{ message: "one" }, "two", { resource: "Release", code: "custom" }];
    arm("POST", { status: 422, body: { message: "Validation Failed", errors } });
    expect((await failure(ServerRefusal, create(repository, "v1"))).words).toBe(
      "Validation Failed: one: two: Release custom",
    );
  });
  it("tells the first line of an answer that is not JSON", async () => {
    const repository = await world.repository();
    arm("POST", { status: 502, body: "<html>Unicorn!</html>\n<p>more</p>" });
    expect((await failure(ServerRefusal, create(repository, "v1"))).words).toBe("<html>Unicorn!</html>");
  });
  it("says so where there are no words", async () => {
    const repository = await world.repository();
    arm("POST", { status: 500, body: "" });
    expect((await failure(ServerRefusal, create(repository, "v1"))).words).toBe("no words");
  });
  it("names method and address without query", async () => {
    const repository = await world.repository();
    arm("GET", { status: 403, body: { message: "no" } });
    const error = await failure(ServerRefusal, allReleases({ owner: repository.owner, repo: repository.repo }));
    expect(error.request).toBe(`GET ${world.sandbox.addresses.api}/repos/${repository.fullName}/releases`);
  });
});

describe("gitHubApi, when the token changes", () => {
  const useTokens = (tokens: Record<"GITHUB_TOKEN" | "GH_TOKEN", string | undefined>): void => {
    const before = process.env["GITHUB_TOKEN"];
    for (const [name, token] of Object.entries(tokens)) {
      if (token === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = token;
      }
    }
    onTestFinished(() => {
      process.env["GITHUB_TOKEN"] = before;
      delete process.env["GH_TOKEN"];
    });
  };
  it("is read anew for each request", async () => {
    const repository = await world.repository();
    await list(repository);
    useTokens({ GITHUB_TOKEN: "ghp_nobody", GH_TOKEN: undefined });
    expect(await failure(ServerRefusal, list(repository))).toMatchObject({ status: 401, words: "Bad credentials" });
  });
  it("is taken from GH_TOKEN where GITHUB_TOKEN is not set", async () => {
    const repository = await world.repository();
    useTokens({ GITHUB_TOKEN: undefined, GH_TOKEN: process.env["GITHUB_TOKEN"] });
    expect((await create(repository, "v1", true)).status).toBe(201);
  });
  it("reads what is public without one", async () => {
    const repository = await world.repository();
    useTokens({ GITHUB_TOKEN: undefined, GH_TOKEN: undefined });
    expect((await list(repository)).status).toBe(200);
  });
  it("is told that it may not write", async () => {
    const repository = await world.repository();
    world.sandbox.github.tokens.set("ghp_reader", { login: "reader", push: false });
    useTokens({ GITHUB_TOKEN: "ghp_reader", GH_TOKEN: undefined });
    const error = await failure(ServerRefusal, create(repository, "v1", true));
    expect(error).toMatchObject({ status: 403, words: "Resource not accessible by integration" });
  });
});

describe("gitHubApi, when GitHub fails for a while", () => {
  it.each([500, 502, 503, 429])("is asked again for a read after %i", async (status) => {
    const repository = await world.repository();
    const mark = world.sandbox.journal.mark();
    arm("GET", { status, body: { message: "no" } }, 2);
    await list(repository);
    expect(statuses(mark)).toEqual([status, status, 200]);
  });
  it("is asked five times for a read, no more", async () => {
    const repository = await world.repository();
    const mark = world.sandbox.journal.mark();
    arm("GET", { status: 502, body: { message: "no" } }, Infinity);
    await failure(ServerRefusal, list(repository));
    expect(statuses(mark)).toEqual([502, 502, 502, 502, 502]);
  });
  it("is asked again for a read after a reset", async () => {
    const repository = await world.repository();
    arm("GET", "reset", 2);
    expect((await list(repository)).status).toBe(200);
  });
  it("has status 0 where it never answers", async () => {
    const repository = await world.repository();
    arm("GET", "reset", Infinity);
    expect((await failure(ServerRefusal, list(repository))).status).toBe(0);
  });
  it.each([500, 502, 503, 429])("is not told twice to create after %i", async (status) => {
    const repository = await world.repository();
    const mark = world.sandbox.journal.mark();
    arm("POST", { status, body: { message: "no" } }, Infinity);
    await failure(ServerRefusal, create(repository, "v1"));
    expect(statuses(mark)).toEqual([status]);
  });
  it("is not told twice to create where the answer was lost", async () => {
    const repository = await world.repository();
    arm("POST", "reset", 1, "after");
    await failure(ServerRefusal, create(repository, "v1", true));
    expect((await list(repository)).data).toHaveLength(1);
  });
  it.each([401, 403, 404, 422])("is asked once where it says %i", async (status) => {
    const repository = await world.repository();
    const mark = world.sandbox.journal.mark();
    arm("GET", { status, body: { message: "no" } }, Infinity);
    await failure(ServerRefusal, list(repository));
    expect(statuses(mark)).toEqual([status]);
  });
});

describe("gitHubApi, when requests are limited", () => {
  const used = (reset: number): Record<string, string> => ({
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + reset),
  });
  it("goes on after the reset of the primary limit", async () => {
    const repository = await world.repository();
    arm("GET", { status: 403, headers: used(0), body: { message: "API rate limit exceeded for installation" } });
    expect((await list(repository)).status).toBe(200);
  });
  it("does not wait an hour for the reset", async () => {
    const repository = await world.repository();
    const mark = world.sandbox.journal.mark();
    arm(
      "GET",
      { status: 403, headers: used(3600), body: { message: "API rate limit exceeded for installation" } },
      Infinity,
    );
    await failure(ServerRefusal, list(repository));
    expect(statuses(mark)).toEqual([403]);
  });
  it("tells how long the reset takes", async () => {
    const repository = await world.repository();
    arm("GET", { status: 429, headers: used(3600), body: { message: "API rate limit exceeded" } }, Infinity);
    expect((await failure(ServerRefusal, list(repository))).retryAfter).toBeGreaterThan(3_500_000);
  });
  it("waits as long as the secondary limit asks for", async () => {
    const repository = await world.repository();
    const body = { message: "You have exceeded a secondary rate limit." };
    arm("GET", { status: 403, headers: { "retry-after": "1" }, body });
    const began = performance.now();
    await list(repository);
    expect(performance.now() - began).toBeGreaterThanOrEqual(999);
  });
});

describe("everyPage, when a list has more than one page", () => {
  it("is read to its end", async () => {
    const { owner, repo, fullName } = await world.repository();
    const { data } = await create({ owner, repo, fullName } as TestRepository, "v1");
    // GitHub's own links name a repository by its id.
    const next = `<${world.sandbox.addresses.api}/repositories/7/releases?per_page=100&page=2>; rel="next"`;
    arm("GET", { status: 200, headers: { link: next }, body: [{ ...data, id: 1 }] });
    arm("GET", { status: 200, body: [{ ...data, id: 2 }] });
    expect((await allReleases({ owner, repo })).map(({ id }) => id)).toEqual([1, 2]);
  });
  it("is an error if it never ends", async () => {
    const { owner, repo, fullName } = await world.repository();
    const mark = world.sandbox.journal.mark();
    const link = `<${world.sandbox.addresses.api}/repos/${fullName}/releases?per_page=100>; rel="next"`;
    arm("GET", { status: 200, headers: { link }, body: [] }, Infinity);
    const error = await failure(ServerRefusal, allReleases({ owner, repo }));
    expect(error.words).toBe("the list links to a page that was already read");
    expect(statuses(mark).length).toBeLessThanOrEqual(2);
  });
  it("is an error if it has more pages than are read", async () => {
    const page = (address: string) => `<${address}&page=${Math.random()}>; rel="next"`;
    let asked = 0;
    vi.stubGlobal("fetch", async (address: string) => {
      asked += 1;
      return Response.json([], { headers: { link: page(address.split("&", 1)[0] ?? "") } });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const error = await failure(ServerRefusal, allReleases({ owner: "acme", repo: "widgets" }));
    expect([error.words, asked]).toEqual(["the list has more than 1000 pages", 1000]);
  });
  it("is an error if it is a 409, which Octokit's own pagination takes for its end", async () => {
    const { owner, repo } = await world.repository();
    arm("GET", { status: 409, body: { message: "Conflict" } });
    expect((await failure(ServerRefusal, allReleases({ owner, repo }))).status).toBe(409);
  });
  it("asks no other host for its next page", async () => {
    const other = await localServer((_request, response) => response.end("[]"));
    onTestFinished(() => other.close());
    const { owner, repo } = await world.repository();
    arm("GET", { status: 200, headers: { link: `<http://${other.address}/page>; rel="next"` }, body: [] });
    const error = await failure(ServerRefusal, allReleases({ owner, repo }));
    expect(error.words).toContain("nothing was sent there");
    expect(other.seen).toEqual([]);
  });
  it("is read to its end for the assets of a Release", async () => {
    const { fullName, owner, repo } = await world.repository();
    const api = githubClient(world.sandbox);
    const { body } = await api.post(`/repos/${fullName}/releases`, { tag_name: "v1", draft: true });
    for (let at = 0; at < 101; at++) {
      await api.upload(body, `${at}.txt`, "x");
    }
    expect(await listAssets({ owner, repo }, Number(body["id"]))).toHaveLength(101);
  });
});

describe("releasesOfTag", () => {
  it("parts the published one from the drafts, the oldest first", async () => {
    const repository = await world.repository();
    const [older, newer] = [await create(repository, "v1", true), await create(repository, "v1", true)];
    const published = await create(repository, "v1");
    await create(repository, "v2", true);
    const found = await findReleasesOfTag({ owner: repository.owner, repo: repository.repo }, "v1");
    expect([found.published?.id, found.drafts.map(({ id }) => id)]).toEqual([
      published.data.id,
      [older.data.id, newer.data.id],
    ]);
  });
  it("finds nothing where there is nothing", async () => {
    const { owner, repo } = await world.repository();
    expect(await findReleasesOfTag({ owner, repo }, "v1")).toEqual({ published: undefined, drafts: [], all: [] });
  });
  it("is undefined by the id of one that is gone", async () => {
    const { owner, repo } = await world.repository();
    expect(await findRelease({ owner, repo }, 1)).toBeUndefined();
  });
});

describe("orMissing", () => {
  it("is undefined for a 404", async () => {
    const { owner, repo } = await world.repository();
    expect(await allowMissing(gitHub().rest.repos.getLatestRelease({ owner, repo }))).toBeUndefined();
  });
  it.each([401, 403, 422])("stays a failure for a %i", async (status) => {
    const { owner, repo } = await world.repository();
    arm("GET", { status, body: { message: "no" } });
    const error = await failure(ServerRefusal, allowMissing(gitHub().rest.repos.getLatestRelease({ owner, repo })));
    expect(error.status).toBe(status);
  });
});

describe("gitHubWeb", () => {
  it("names the server of GITHUB_SERVER_URL", () => {
    expect(gitHubWeb()).toBe(world.sandbox.addresses.web);
  });
});

describe("gitHubApi, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
