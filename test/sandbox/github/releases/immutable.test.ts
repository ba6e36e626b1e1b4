import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import type { ApiAnswer } from "../../github-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let gitDir: string;
let commits: string[];
const repositoryPath = "/repos/acme/widgets";
const settingPath = `${repositoryPath}/immutable-releases`;
const policyPath = "/orgs/acme/settings/immutable-releases";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  ({ gitDir } = await sandbox.github.createRepository("acme/widgets"));
  commits = await pushCommits(gitDir, 2);
});
afterAll(() => forget());

describe("the sandbox's immutable releases, when a repository's releases are made immutable", () => {
  let before: ApiAnswer;
  beforeAll(async () => {
    before = await api.post(`${repositoryPath}/releases`, { tag_name: "v0" });
  });
  it("answers 404 as long as they are not", async () => expect((await api.get(settingPath)).status).toBe(404));
  it("tells that they are", async () => {
    const put = await api.put(settingPath, undefined);
    expect([put.status, (await api.get(settingPath)).body]).toEqual([204, { enabled: true, enforced_by_owner: false }]);
  });
  it("leaves those that were published before", async () => {
    const { body } = await api.get(`${repositoryPath}/releases/${before.body["id"]}`);
    expect(body["immutable"]).toBe(false);
  });
  it("lets assets be added to those", async () => {
    expect((await api.upload(before.body, "late.txt", "late")).status).toBe(201);
  });
});

describe("the sandbox's immutable releases, when a release is published immutable", () => {
  let draft: ApiAnswer;
  let asset: ApiAnswer;
  const path = () => `${repositoryPath}/releases/${draft.body["id"]}`;
  beforeAll(async () => {
    draft = await api.post(`${repositoryPath}/releases`, { tag_name: "v1", target_commitish: commits[0], draft: true });
    asset = await api.upload(draft.body, "app.tgz", "bytes");
  });
  it("is not as long as it is a draft", () => expect([draft.body["immutable"], asset.status]).toEqual([false, 201]));
  it("is from then on", async () => {
    const { status, body } = await api.patch(path(), { draft: false });
    expect([status, body["immutable"]]).toEqual([200, true]);
  });
  it("takes no more asset", async () => {
    const { status, body } = await api.upload(draft.body, "late.txt", "late");
    expect([status, body["message"]]).toEqual([422, "Cannot upload assets to an immutable release."]);
  });
  it("loses and renames none", async () => {
    const at = `${repositoryPath}/releases/assets/${asset.body["id"]}`;
    expect([(await api.delete(at)).status, (await api.patch(at, { name: "x" })).status]).toEqual([422, 422]);
  });
  it.each([{ tag_name: "v1.1" }, { draft: true }])("refuses %j", async (change) => {
    expect((await api.patch(path(), change)).status).toBe(422);
  });
  it("lets name, notes and marks be changed", async () => {
    const change = { name: "One", body: "notes", prerelease: true, make_latest: "false" };
    expect((await api.patch(path(), change)).body).toMatchObject({ name: "One", body: "notes", prerelease: true });
  });
  it("has a tag that cannot be moved or deleted", async () => {
    const at = `${repositoryPath}/git/refs/tags/v1`;
    const answers = [await api.patch(at, { sha: commits[1] }), await api.delete(at)];
    expect(answers.map(({ body }) => body["message"])).toEqual(["Reference update failed", "Reference update failed"]);
  });
});

describe("the sandbox's immutable releases, when an immutable release was deleted", () => {
  const errors = (answer: ApiAnswer) => (answer.body["errors"] as { message: string }[]).map(({ message }) => message);
  const usedMessage = "tag_name was used by an immutable release";
  beforeAll(async () => {
    const { body } = await api.get(`${repositoryPath}/releases/tags/v1`);
    await api.delete(`${repositoryPath}/releases/${body["id"]}`);
  });
  it("refuses a new one on its tag, which still exists", async () => {
    expect(errors(await api.post(`${repositoryPath}/releases`, { tag_name: "v1" }))).toEqual([usedMessage]);
  });
  it("lets the tag be deleted, and never be made again", async () => {
    const removed = await api.delete(`${repositoryPath}/git/refs/tags/v1`);
    const made = await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/v1", sha: commits[0] });
    expect([removed.status, made.status, made.body["message"]]).toEqual([204, 422, "Reference update failed"]);
  });
  it("says three things about a release that would have to make it", async () => {
    const rule =
      "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n";
    expect(errors(await api.post(`${repositoryPath}/releases`, { tag_name: "v1" }))).toEqual([
      rule,
      usedMessage,
      "Published releases must have a valid tag",
    ]);
  });
  it("says so also after the setting was taken back", async () => {
    await api.delete(settingPath);
    const answer = await api.post(`${repositoryPath}/releases`, { tag_name: "v1" });
    await api.put(settingPath, undefined);
    expect(errors(answer)).toContain(usedMessage);
  });
  it("leaves other names alone", async () => {
    await execa("git", ["--git-dir", gitDir, "update-ref", "refs/tags/v2", commits[0] ?? ""]);
    expect((await api.post(`${repositoryPath}/releases`, { tag_name: "v2" })).status).toBe(201);
  });
});

describe("the sandbox's immutable releases, when the organization decides", () => {
  it("has no policy at first", async () => {
    expect((await api.get(policyPath)).body).toEqual({ enforced_repositories: "none" });
  });
  it("leaves the repository no choice", async () => {
    await api.delete(settingPath);
    await api.put(policyPath, { enforced_repositories: "all" });
    const state = (await api.get(settingPath)).body;
    expect([state, (await api.delete(settingPath)).status]).toEqual([{ enabled: true, enforced_by_owner: true }, 409]);
  });
  it("may mean some repositories only", async () => {
    const { body } = await api.get(repositoryPath);
    await api.put(policyPath, { enforced_repositories: "selected", selected_repository_ids: [] });
    const without = (await api.get(settingPath)).status;
    await api.put(`${policyPath}/repositories/${body["id"]}`, undefined);
    const list = (await api.get(`${policyPath}/repositories`)).body;
    expect([without, (await api.get(settingPath)).status, list["total_count"]]).toEqual([404, 200, 1]);
  });
  it.each([
    [settingPath, "administration=read"],
    [policyPath, "organization_administration=read"],
  ])("names the permission that %s takes", async (path, permission) => {
    sandbox.github.tokens.set("job", {
      kind: "actions",
      repository: "acme/widgets",
      permissions: { contents: "write" },
    });
    const { status, headers } = await api.get(path, { token: "job" });
    expect([status, headers.get("x-accepted-github-permissions")]).toEqual([403, permission]);
  });
});

describe("the sandbox's immutable releases, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
