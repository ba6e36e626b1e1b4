import { Octokit } from "@octokit/core";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let gitDir: string;
let commits: string[];
const repositoryPath = "/repos/acme/widgets";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  ({ gitDir } = await sandbox.github.createRepository("acme/widgets", {
    description: "Widgets",
    licence: "Apache-2.0",
  }));
  commits = await pushCommits(gitDir, 3);
});
afterAll(() => forget());

describe("the sandbox's git database, when a repository is asked for", () => {
  it("tells name, licence, default branch and what the token may do", async () => {
    const { body } = await api.get(repositoryPath);
    expect(body).toMatchObject({
      full_name: "acme/widgets",
      license: { spdx_id: "Apache-2.0" },
      default_branch: "main",
      permissions: { push: true },
    });
  });
  it("takes the name in any case, as GitHub does", async () => {
    expect((await api.get("/repos/ACME/Widgets")).body).toMatchObject({ full_name: "acme/widgets" });
  });
  it("answers 404 for an unknown one", async () => {
    const { status, body } = await api.get("/repos/acme/none");
    expect([status, body]).toEqual([
      404,
      { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
    ]);
  });
  it("hides a private one from anonymous callers", async () => {
    await sandbox.github.createRepository("acme/inner", { private: true });
    const anonymous = await api.get("/repos/acme/inner", { token: "" });
    const known = await api.get("/repos/acme/inner");
    expect([anonymous.status, known.status]).toEqual([404, 200]);
  });
  it("keeps its content when it is created again", async () => {
    const again = await sandbox.github.createRepository("acme/widgets");
    expect(again).toEqual({ gitDir, fullName: "acme/widgets" });
    expect((await api.get(`${repositoryPath}/commits/main`)).body).toMatchObject({ sha: commits[2] });
  });
});

describe("the sandbox's git database, when commits are read", () => {
  it.each(["main", "heads/main", "refs/heads/main"])("resolves %s", async (ref) => {
    expect((await api.get(`${repositoryPath}/commits/${ref}`)).body).toMatchObject({
      sha: commits[2],
      commit: { message: "commit 3" },
    });
  });
  it("answers 422 for what names no commit", async () => {
    const { status, body } = await api.get(`${repositoryPath}/commits/nothing`);
    expect([status, body["message"]]).toEqual([422, "No commit found for SHA: nothing"]);
  });
  it("lists them in pages, newest first", async () => {
    const { body, headers } = await api.get(`${repositoryPath}/commits?per_page=2`);
    expect((body as unknown as { sha: string }[]).map(({ sha }) => sha)).toEqual([commits[2], commits[1]]);
    expect(headers.get("link")).toContain('page=2>; rel="next"');
  });
  it("gives parents, tree and dates of a git commit", async () => {
    const { body } = await api.get(`${repositoryPath}/git/commits/${commits[1]}`);
    expect(body).toMatchObject({ parents: [{ sha: commits[0] }], committer: { date: "2026-01-02T00:00:00Z" } });
  });
});

describe("the sandbox's git database, when a tag is made", () => {
  it("makes the object, then the reference, and git sees both", async () => {
    const fields = { tag: "v1.0.0", message: "first\n", object: commits[0], type: "commit" };
    const tag = await api.post(`${repositoryPath}/git/tags`, fields);
    const reference = await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/v1.0.0", sha: tag.body["sha"] });
    expect([tag.status, reference.status]).toEqual([201, 201]);
    const seen = await execa("git", ["--git-dir", gitDir, "cat-file", "-p", "refs/tags/v1.0.0"]);
    expect(seen.stdout).toContain(`object ${commits[0]}`);
  });
  it("reads it back", async () => {
    const reference = await api.get(`${repositoryPath}/git/ref/tags/v1.0.0`);
    const object = reference.body["object"] as { sha: string; type: string };
    const tag = await api.get(`${repositoryPath}/git/tags/${object.sha}`);
    expect(object.type).toBe("tag");
    expect(tag.body).toMatchObject({ tag: "v1.0.0", message: "first\n", object: { sha: commits[0], type: "commit" } });
  });
  it("refuses a second one of the name", async () => {
    const { status, body } = await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/v1.0.0", sha: commits[1] });
    expect([status, body["message"]]).toEqual([422, "Reference already exists"]);
  });
  it("lets one of many writers win", async () => {
    const tries = commits.map((sha) => api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/race", sha }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 422, 422]);
  });
  it("refuses an object that is not there", async () => {
    const { status, body } = await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/v9", sha: "1".repeat(40) });
    expect([status, body["message"]]).toEqual([422, "Object does not exist"]);
  });
  it("answers 404 for a tag that is not there, also where it begins another one's name", async () => {
    expect((await api.get(`${repositoryPath}/git/ref/tags/v1.0`)).status).toBe(404);
  });
  it("finds it by prefix", async () => {
    const { body } = await api.get(`${repositoryPath}/git/matching-refs/tags/v1`);
    expect((body as unknown as { ref: string }[]).map(({ ref }) => ref)).toEqual(["refs/tags/v1.0.0"]);
  });
  it("keeps slashes in its name", async () => {
    await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/app/v1.0.0", sha: commits[0] });
    expect((await api.get(`${repositoryPath}/git/ref/tags/app/v1.0.0`)).body).toMatchObject({
      ref: "refs/tags/app/v1.0.0",
    });
  });
  it("lists it with the commit that it names, Z to A", async () => {
    const { body, headers } = await api.get(`${repositoryPath}/tags?per_page=2`);
    const listed = (body as unknown as { name: string; commit: { sha: string } }[]).map(({ name, commit }) => [
      name,
      commit.sha,
    ]);
    expect(listed).toEqual([
      ["v1.0.0", commits[0]],
      ["race", expect.stringMatching(/^[0-9a-f]{40}$/)],
    ]);
    expect(headers.get("link")).toContain('page=2>; rel="next"');
  });
  it("sees what git pushed", async () => {
    await execa("git", ["--git-dir", gitDir, "update-ref", "refs/tags/pushed", commits[0] ?? ""]);
    expect((await api.get(`${repositoryPath}/git/ref/tags/pushed`)).status).toBe(200);
  });
});

describe("the sandbox's git database, when a reference is moved", () => {
  it("goes forward without force", async () => {
    await api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/moving", sha: commits[0] });
    const moved = await api.patch(`${repositoryPath}/git/refs/tags/moving`, { sha: commits[1] });
    expect([moved.status, (moved.body["object"] as { sha: string }).sha]).toEqual([200, commits[1]]);
  });
  it("goes back only with force", async () => {
    const soft = await api.patch(`${repositoryPath}/git/refs/tags/moving`, { sha: commits[0] });
    const hard = await api.patch(`${repositoryPath}/git/refs/tags/moving`, { sha: commits[0], force: true });
    expect([soft.status, soft.body["message"], hard.status]).toEqual([422, "Update is not a fast forward", 200]);
  });
  it("is deleted once", async () => {
    const first = await api.delete(`${repositoryPath}/git/refs/tags/moving`);
    const second = await api.delete(`${repositoryPath}/git/refs/tags/moving`);
    expect([first.status, second.status, second.body["message"]]).toEqual([204, 422, "Reference does not exist"]);
  });
});

describe("the sandbox's git database, when a repository is empty", () => {
  it("answers 409 to everything about git", async () => {
    await sandbox.github.createRepository("acme/empty");
    const { status, body } = await api.get("/repos/acme/empty/git/ref/heads/main");
    expect([status, body["message"]]).toEqual([409, "Git Repository is empty."]);
  });
});

describe("the sandbox's git database, when the caller may not", () => {
  const write = (token: string) =>
    api.post(`${repositoryPath}/git/refs`, { ref: "refs/tags/no", sha: commits[0] }, { token });
  it.each([
    ["an unknown token", "nonsense", 401, "Bad credentials"],
    ["no token", "", 401, "Requires authentication"],
    ["a read-only token", "reader", 403, "Resource not accessible by integration"],
  ])("refuses a write with %s", async (_, token, status, message) => {
    sandbox.github.tokens.set("reader", { login: "visitor", push: false });
    const answer = await write(token);
    expect([answer.status, answer.body["message"]]).toEqual([status, message]);
  });
  it("lets anonymous callers read public repositories", async () => {
    expect((await api.get(repositoryPath, { token: "" })).status).toBe(200);
  });
});

describe("the sandbox's git database, when Octokit drives it", () => {
  it("authenticates and follows the base address", async () => {
    const octokit = new Octokit({ baseUrl: sandbox.addresses.api, auth: sandbox.environment["GITHUB_TOKEN"] });
    expect((await octokit.request("GET /user")).data.login).toBe("maintainer");
  });
  it("sees rate limit and request id on every answer", async () => {
    const octokit = new Octokit({ baseUrl: sandbox.addresses.api });
    const { headers } = await octokit.request("GET /rate_limit");
    expect(headers["x-ratelimit-limit"]).toBe("60");
    expect(headers["x-github-request-id"]).toMatch(/^[0-9A-F-]{36}$/);
  });
});

describe("the sandbox's git database, when an operation is not part of the sandbox", () => {
  it("answers 501 and counts it as a violation", async () => {
    const { status } = await api.get(`${repositoryPath}/actions/runs`);
    expect(status).toBe(501);
    expect(sandbox.violations().at(-1)).toMatch(/actions\/runs: the sandbox does not know this operation/);
  });
});

describe("the sandbox's git database, when all of the above is done", () => {
  it("found nothing but the unknown operation", () => {
    expect(sandbox.violations().filter((line) => !line.includes("actions/runs"))).toEqual([]);
  });
});

describe("the sandbox's git database, when two commits are compared", () => {
  const compare = async (base: number, head: number) => {
    const { body } = await api.get(`${repositoryPath}/compare/${commits[base]}...${commits[head]}`);
    const [main, common] = [body["base_commit"], body["merge_base_commit"]] as { sha: string }[];
    return [body["status"], body["ahead_by"], body["behind_by"], main?.sha, common?.sha];
  };
  it("says which is ahead, by how much, and where they parted", async () => {
    expect(await compare(0, 2)).toEqual(["ahead", 2, 0, commits[0], commits[0]]);
    expect(await compare(2, 0)).toEqual(["behind", 0, 2, commits[2], commits[0]]);
    expect(await compare(1, 1)).toEqual(["identical", 0, 0, commits[1], commits[1]]);
  });
  it("calls commits of two branches diverged", async () => {
    const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    const args = ["--git-dir", gitDir, "commit-tree", "-p", commits[0] ?? "", "-m", "Aside", `${commits[0]}^{tree}`];
    const { stdout: aside } = await execa("git", [...person, ...args]);
    const { body } = await api.get(`${repositoryPath}/compare/${aside}...${commits[2]}`);
    expect(body).toMatchObject({ status: "diverged", ahead_by: 2, behind_by: 1 });
  });
  it("lists the commits between them in pages, oldest first", async () => {
    const { body } = await api.get(`${repositoryPath}/compare/${commits[0]}...main?per_page=1&page=2`);
    expect((body["commits"] as { sha: string }[]).map(({ sha }) => sha)).toEqual([commits[2]]);
  });
  it("answers 404 for a commit that is not there", async () => {
    expect((await api.get(`${repositoryPath}/compare/${"1".repeat(40)}...main`)).status).toBe(404);
    expect((await api.get(`${repositoryPath}/compare/main`)).status).toBe(404);
  });
});
