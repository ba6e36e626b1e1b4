import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let commits: string[];
const repositoryPath = "/repos/acme/widgets";
const releasesPath = `${repositoryPath}/releases`;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  commits = await pushCommits((await sandbox.github.createRepository("acme/widgets")).gitDir, 3);
});
afterAll(() => forget());

/** A repository of its own for what would disturb others. */
async function freshRepository(name: string): Promise<string> {
  await pushCommits((await sandbox.github.createRepository(`acme/${name}`)).gitDir, 3);
  return `/repos/acme/${name}/releases`;
}

describe("the sandbox's releases, when a draft is made", () => {
  it("has a web address without its tag, and no git tag", async () => {
    const { status, body } = await api.post(releasesPath, { tag_name: "v1.0.0", draft: true, body: "notes" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ draft: true, immutable: false, published_at: null, tag_name: "v1.0.0" });
    expect(body["html_url"]).toMatch(/\/acme\/widgets\/releases\/tag\/untagged-[0-9a-f]+$/);
    expect((await api.get(`${repositoryPath}/git/ref/tags/v1.0.0`)).status).toBe(404);
  });
  it("is not found by tag", async () => {
    expect((await api.get(`${releasesPath}/tags/v1.0.0`)).status).toBe(404);
  });
  it("is listed for writers only", async () => {
    sandbox.github.tokens.set("reader", { login: "visitor", push: false });
    const lists = await Promise.all(
      [{}, { token: "reader" }, { token: "" }].map((options) => api.get(releasesPath, options)),
    );
    expect(lists.map(({ body }) => (body as unknown as unknown[]).length)).toEqual([1, 0, 0]);
  });
  it("has twins of the same tag if asked", async () => {
    const twin = await api.post(releasesPath, { tag_name: "v1.0.0", draft: true });
    expect(twin.status).toBe(201);
    await api.delete(`${releasesPath}/${String(twin.body["id"])}`);
  });
});

describe("the sandbox's releases, when a draft is published", () => {
  it("makes a lightweight tag at target_commitish", async () => {
    const draft = await api.post(releasesPath, { tag_name: "v2.0.0", target_commitish: commits[0], draft: true });
    const { body } = await api.patch(`${releasesPath}/${String(draft.body["id"])}`, { draft: false });
    expect(body).toMatchObject({ draft: false, html_url: `${sandbox.addresses.web}/acme/widgets/releases/tag/v2.0.0` });
    const reference = await api.get(`${repositoryPath}/git/ref/tags/v2.0.0`);
    expect(reference.body["object"]).toMatchObject({ type: "commit", sha: commits[0] });
  });
  it("leaves an existing tag alone", async () => {
    await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/v3.0.0", sha: commits[1] });
    await api.post(releasesPath, { tag_name: "v3.0.0", target_commitish: commits[0] });
    expect((await api.get(`${repositoryPath}/git/ref/tags/v3.0.0`)).body["object"]).toMatchObject({ sha: commits[1] });
  });
  it("has the commit's date as created_at", async () => {
    expect((await api.get(`${releasesPath}/tags/v3.0.0`)).body["created_at"]).toBe("2026-01-02T00:00:00Z");
  });
  it("is refused beside a published twin", async () => {
    const draft = await api.post(releasesPath, { tag_name: "v3.0.0", draft: true });
    const { status, body } = await api.patch(`${releasesPath}/${String(draft.body["id"])}`, { draft: false });
    expect([status, body]).toEqual([
      422,
      {
        message: "Validation Failed",
        errors: [{ resource: "Release", code: "already_exists", field: "tag_name" }],
        documentation_url: "https://docs.github.com/rest",
        status: "422",
      },
    ]);
  });
  it("is refused where target_commitish names nothing", async () => {
    const { status, body } = await api.post(releasesPath, { tag_name: "v4.0.0", target_commitish: "nowhere" });
    expect([status, body["errors"]]).toEqual([
      422,
      [{ resource: "Release", code: "invalid", field: "target_commitish" }],
    ]);
  });
});

describe("the sandbox's releases, when notes are long", () => {
  it.each([
    [125_000, 201],
    [125_001, 422],
  ])("answers %i characters with %i", async (length, status) => {
    const answer = await api.post(releasesPath, { tag_name: `long-${length}`, draft: true, body: "x".repeat(length) });
    expect(answer.status).toBe(status);
  });
});

describe("the sandbox's releases, when a release is said to be latest", () => {
  const latest = async (path: string) => (await api.get(`${path}/latest`)).body["tag_name"];
  it("has none while there is nothing stable", async () => {
    const path = await freshRepository("none");
    await api.post(path, { tag_name: "v1", draft: true });
    await api.post(path, { tag_name: "v2-rc", prerelease: true });
    expect((await api.get(`${path}/latest`)).status).toBe(404);
  });
  it("takes the newest published one by default", async () => {
    const path = await freshRepository("default");
    await api.post(path, { tag_name: "v2" });
    await api.post(path, { tag_name: "v1" });
    expect(await latest(path)).toBe("v1");
  });
  it('leaves it where it is with "false"', async () => {
    const path = await freshRepository("false");
    await api.post(path, { tag_name: "v2" });
    await api.post(path, { tag_name: "v1", make_latest: "false" });
    expect(await latest(path)).toBe("v2");
  });
  it('goes by version among equal dates with "legacy"', async () => {
    const path = await freshRepository("legacy");
    await api.post(path, { tag_name: "v2.0.0" });
    await api.post(path, { tag_name: "v1.0.0", make_latest: "legacy" });
    expect(await latest(path)).toBe("v2.0.0");
  });
  it("moves by word of an update", async () => {
    const path = await freshRepository("update");
    const first = await api.post(path, { tag_name: "v1" });
    await api.post(path, { tag_name: "v2" });
    await api.patch(`${path}/${String(first.body["id"])}`, { make_latest: "true" });
    expect(await latest(path)).toBe("v1");
  });
  it("does not move when only notes change", async () => {
    const path = await freshRepository("notes");
    const first = await api.post(path, { tag_name: "v1" });
    await api.post(path, { tag_name: "v2" });
    await api.patch(`${path}/${String(first.body["id"])}`, { body: "more" });
    expect(await latest(path)).toBe("v2");
  });
  it("falls back when the latest is deleted, and keeps its tag", async () => {
    const path = await freshRepository("deleted");
    await api.post(path, { tag_name: "v1" });
    const second = await api.post(path, { tag_name: "v2" });
    await api.delete(`${path}/${String(second.body["id"])}`);
    expect(await latest(path)).toBe("v1");
    expect((await api.get(path.replace("releases", "git/ref/tags/v2"))).status).toBe(200);
  });
  it("refuses booleans", async () => {
    const { status, body } = await api.post(releasesPath, { tag_name: "v5", make_latest: true });
    expect([status, body["message"]]).toEqual([
      422,
      "Invalid request.\n\nFor 'properties/make_latest', true is not a string.",
    ]);
  });
});

describe("the sandbox's releases, when there are more releases than a page holds", () => {
  it("links to the other pages", async () => {
    const path = await freshRepository("many");
    for (let index = 1; index <= 5; index += 1) {
      await api.post(path, { tag_name: `v${index}`, draft: true });
    }
    const { body, headers } = await api.get(`${path}?per_page=2&page=2`);
    expect((body as unknown as { tag_name: string }[]).map(({ tag_name }) => tag_name)).toEqual(["v3", "v2"]);
    const relations = [...(headers.get("link") ?? "").matchAll(/[?&]page=(\d)>; rel="(\w+)"/g)].map(([, to, name]) => [
      name,
      to,
    ]);
    expect(Object.fromEntries(relations)).toEqual({ prev: "1", next: "3", last: "3", first: "1" });
  });
});

describe("the sandbox's releases, when all of the above is done", () => {
  it("found nothing but the boolean", () => {
    expect(sandbox.violations()).toEqual([expect.stringContaining("/make_latest must be string")]);
  });
});
