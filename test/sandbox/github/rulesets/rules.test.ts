import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { pushCommits, temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let commits: string[];
const repositoryPath = "/repos/acme/widgets";
const contents = { contents: "write" } as const;

/** Replaces the repository's rulesets by one that is active on its tags. */
async function rule(types: string[], more: object = {}): Promise<void> {
  sandbox.github.settings.repository("acme/widgets").rulesets = [];
  await api.post(`${repositoryPath}/rulesets`, {
    name: "tags",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/tags/v*"], exclude: [] } },
    rules: types.map((type) => ({ type })),
    ...more,
  });
}

const make = (tag: string, options = {}) =>
  api.post(`${repositoryPath}/git/refs`, { ref: `refs/tags/${tag}`, sha: commits[1] }, options);
const move = (tag: string, index: number, force = false) =>
  api.patch(`${repositoryPath}/git/refs/tags/${tag}`, { sha: commits[index], force });
const remove = (tag: string) => api.delete(`${repositoryPath}/git/refs/tags/${tag}`);
const refused = { status: 422, body: { message: "Reference update failed" } };

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  const { gitDir } = await sandbox.github.createRepository("acme/widgets");
  commits = await pushCommits(gitDir, 3);
  sandbox.github.tokens.set("job", { kind: "actions", repository: "acme/widgets", permissions: contents });
  sandbox.github.tokens.set("app", { kind: "app", login: "x[bot]", permissions: contents, appId: 77 });
  sandbox.github.tokens.set("writer", {
    kind: "classic",
    login: "wes",
    scopes: ["repo"],
    roles: { "acme/widgets": "write" },
  });
});
afterAll(() => forget());

describe("the sandbox's rules, when rules forbid to create tags", () => {
  beforeEach(() => rule(["creation"]));
  it("refuses without a reason, as GitHub does", async () => expect(await make("v1")).toMatchObject(refused));
  it("leaves other names alone", async () => expect((await make("nightly")).status).toBe(201));
  it("refuses to publish a release that would have to make its tag", async () => {
    const { status, body } = await api.post(`${repositoryPath}/releases`, { tag_name: "v1" });
    expect(status).toBe(422);
    expect(body["errors"]).toEqual([
      {
        resource: "Release",
        code: "custom",
        field: "pre_receive",
        message:
          "pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n",
      },
      { resource: "Release", code: "custom", message: "Published releases must have a valid tag" },
    ]);
  });
  it("lets a draft be made, which makes no tag", async () => {
    expect((await api.post(`${repositoryPath}/releases`, { tag_name: "v1", draft: true })).status).toBe(201);
  });
});

describe("the sandbox's rules, when rules forbid to change tags", () => {
  it("refuses a move", async () => {
    await rule([]);
    await make("v2");
    await rule(["update"]);
    expect([(await move("v2", 2)).status, (await make("v3")).status]).toEqual([422, 201]);
  });
  it("refuses to go back, and lets go forward, where only that is forbidden", async () => {
    await rule(["non_fast_forward"]);
    const statuses = [(await move("v2", 0, true)).status, (await move("v2", 2)).status];
    expect(statuses).toEqual([422, 200]);
  });
  it("refuses to delete", async () => {
    await rule(["deletion"]);
    expect(await remove("v2")).toMatchObject(refused);
  });
  it("is no answer to a tag that is there already", async () => {
    await rule(["creation"]);
    expect((await make("v2")).body["message"]).toBe("Reference already exists");
  });
});

describe("the sandbox's rules, when a ruleset enforces nothing", () => {
  it.each([
    ["disabled", { enforcement: "disabled" }],
    ["about branches", { target: "branch", conditions: { ref_name: { include: ["~ALL"], exclude: [] } } }],
    ["about other tags", { conditions: { ref_name: { include: ["refs/tags/w*"], exclude: [] } } }],
  ])("lets be done what it says when it is %s", async (what, more) => {
    await rule(["creation"], more);
    expect((await make(`v-${what.replaceAll(" ", "-")}`)).status).toBe(201);
  });
  it("only looks on while it is evaluated", async () => {
    sandbox.github.settings.organization("acme").plan = "enterprise";
    await rule(["creation"], { enforcement: "evaluate" });
    sandbox.github.settings.organization("acme").plan = "team";
    expect((await make("v-evaluated")).status).toBe(201);
  });
});

describe("the sandbox's rules, when some may bypass a ruleset", () => {
  it.each([
    ["the role of an administrator", { actor_id: 5, actor_type: "RepositoryRole" }, [201, 422, 422, 422]],
    ["the role of a writer", { actor_id: 4, actor_type: "RepositoryRole" }, [201, 201, 422, 422]],
    ["one App", { actor_id: 77, actor_type: "Integration" }, [422, 422, 201, 422]],
    ["GitHub Actions", { actor_id: 15368, actor_type: "Integration" }, [422, 422, 422, 201]],
    ["owners of the organization", { actor_id: 1, actor_type: "OrganizationAdmin" }, [201, 422, 422, 422]],
    [
      "administrators by pull request",
      { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "pull_request" },
      [422, 422, 422, 422],
    ],
    ["a team", { actor_id: 1, actor_type: "Team" }, [422, 422, 422, 422]],
  ])("lets %s do it", async (what, actor, expected) => {
    await rule(["creation"], { bypass_actors: [actor] });
    const statuses: number[] = [];
    for (const token of [undefined, "writer", "app", "job"]) {
      const tag = `v-${what.replaceAll(" ", "-")}-${token ?? "admin"}`;
      statuses.push((await make(tag, token === undefined ? {} : { token })).status);
    }
    expect(statuses).toEqual(expected);
  });
});

describe("the sandbox's rules, when an organization's rules are about the repository", () => {
  const everywhere = (include: string[]) => ({
    name: `of ${include.join(" ")}`,
    target: "branch",
    enforcement: "active",
    conditions: {
      repository_name: { include, exclude: [] },
      ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] },
    },
    rules: [{ type: "update" }, { type: "deletion" }],
  });
  beforeAll(async () => {
    await rule([]);
    await api.post("/orgs/acme/rulesets", everywhere(["wid*"]));
    await api.post("/orgs/acme/rulesets", everywhere(["gad*"]));
  });
  it("refuses what they forbid", async () => {
    const branch = `${repositoryPath}/git/refs/heads/main`;
    const statuses = [
      (await api.patch(branch, { sha: commits[0], force: true })).status,
      (await api.delete(branch)).status,
    ];
    expect(statuses).toEqual([422, 422]);
  });
  it("says which rules are about a branch", async () => {
    const { body } = await api.get(`${repositoryPath}/rules/branches/main`);
    const info = {
      ruleset_source_type: "Organization",
      ruleset_source: "acme",
      ruleset_id: expect.any(Number) as number,
    };
    expect(body).toEqual([
      { type: "update", ...info },
      { type: "deletion", ...info },
    ]);
  });
  it("says so also for a branch with slashes that does not exist", async () => {
    const { status, body } = await api.get(`${repositoryPath}/rules/branches/feature/x`);
    expect([status, body]).toEqual([200, []]);
  });
});

describe("the sandbox's rules, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
