import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
const environmentsPath = "/repos/acme/widgets/environments";
const policiesPath = `${environmentsPath}/prod/deployment-branch-policies`;
const custom = { protected_branches: false, custom_branch_policies: true };
const guarded = {
  wait_timer: 30,
  prevent_self_review: true,
  reviewers: [
    { type: "User", id: 41 },
    { type: "Team", id: 42 },
  ],
  deployment_branch_policy: custom,
};

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await sandbox.github.createRepository("acme/widgets");
  await sandbox.github.createRepository("acme/inner", { private: true });
});
afterAll(() => forget());

describe("the sandbox's environments, when an environment is made", () => {
  it("answers with its rules", async () => {
    const { status, body } = await api.put(`${environmentsPath}/prod`, guarded);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: "prod",
      protection_rules: [
        { type: "wait_timer", wait_timer: 30 },
        {
          type: "required_reviewers",
          prevent_self_review: true,
          reviewers: [
            { type: "User", reviewer: { id: 41 } },
            { type: "Team", reviewer: { id: 42 } },
          ],
        },
        { type: "branch_policy" },
      ],
      deployment_branch_policy: custom,
    });
  });
  it("is found in any case, also with a slash in its name", async () => {
    await api.put(`${environmentsPath}/prod%2Feu`, {});
    const found = [await api.get(`${environmentsPath}/PROD`), await api.get(`${environmentsPath}/prod%2Feu`)];
    expect(found.map(({ body }) => body["name"])).toEqual(["prod", "prod/eu"]);
  });
  it("is listed", async () => {
    const { body } = await api.get(`${environmentsPath}?per_page=1`);
    expect(body).toMatchObject({ total_count: 2, environments: [{ name: "prod" }] });
  });
  it("has no rule that the last PUT did not say", async () => {
    const { body } = await api.put(`${environmentsPath}/prod%2Feu`, { wait_timer: 0, reviewers: null });
    expect([body["protection_rules"], body["deployment_branch_policy"]]).toEqual([[], null]);
  });
  it("is gone once it was deleted", async () => {
    const path = `${environmentsPath}/prod%2Feu`;
    expect([(await api.delete(path)).status, (await api.get(path)).status]).toEqual([204, 404]);
  });
});

describe("the sandbox's environments, when an environment says which branches and tags may deploy", () => {
  let id: unknown;
  it("keeps a pattern", async () => {
    const { status, body } = await api.post(policiesPath, { name: "v*", type: "tag" });
    id = body["id"];
    expect([status, body]).toEqual([200, expect.objectContaining({ name: "v*", type: "tag" })]);
  });
  it("answers 303 for one that is there", async () => {
    const answer = await fetch(`${sandbox.addresses.api}${policiesPath}`, {
      method: "POST",
      redirect: "manual",
      headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}` },
      body: JSON.stringify({ name: "v*", type: "tag" }),
    });
    expect(answer.status).toBe(303);
  });
  it("changes, lists and reads it", async () => {
    await api.put(`${policiesPath}/${id}`, { name: "v1.*" });
    const [list, one] = [await api.get(policiesPath), await api.get(`${policiesPath}/${id}`)];
    expect([list.body, one.body["name"]]).toEqual([expect.objectContaining({ total_count: 1 }), "v1.*"]);
  });
  it("deletes it", async () => {
    const path = `${policiesPath}/${id}`;
    expect([(await api.delete(path)).status, (await api.get(path)).status]).toEqual([204, 404]);
  });
  it("answers 404 where every branch may", async () => {
    await api.put(`${environmentsPath}/open`, {});
    expect((await api.post(`${environmentsPath}/open/deployment-branch-policies`, { name: "v*" })).status).toBe(404);
  });
});

describe("the sandbox's environments, when an environment is refused", () => {
  it.each<[string, object]>([
    ["seven reviewers", { reviewers: Array.from({ length: 7 }, (_, id) => ({ type: "User", id })) }],
    [
      "both kinds of branches",
      { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    ],
  ])("answers 422 for %s", async (_, body) => {
    expect((await api.put(`${environmentsPath}/prod`, body)).status).toBe(422);
  });
  it("takes a plan for reviewers in a private repository", async () => {
    sandbox.github.settings.organization("acme").plan = "free";
    const { status, body } = await api.put("/repos/acme/inner/environments/prod", guarded);
    sandbox.github.settings.organization("acme").plan = "team";
    expect([status, body["message"]]).toEqual([422, expect.stringContaining("billing plan")]);
  });
  it("names the permission it takes", async () => {
    const permissions = { actions: "write" } as const;
    sandbox.github.tokens.set("job", { kind: "actions", repository: "acme/widgets", permissions });
    const read = await api.get(`${environmentsPath}/prod`, { token: "job" });
    const write = await api.put(`${environmentsPath}/prod`, {}, { token: "job" });
    const header = write.headers.get("x-accepted-github-permissions");
    expect([read.status, write.status, header]).toEqual([200, 403, "administration=write"]);
  });
});

describe("the sandbox's environments, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
