import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let ids: Record<string, unknown>;
const repositoryPath = "/repos/acme/widgets/actions";
const org = "/orgs/acme/actions";

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await sandbox.github.createRepository("acme/widgets");
  await sandbox.github.createRepository("acme/inner", { private: true });
  ids = {
    widgets: (await api.get("/repos/acme/widgets")).body["id"],
    inner: (await api.get("/repos/acme/inner")).body["id"],
  };
});
afterAll(() => forget());

describe("the sandbox's Actions permissions, when nothing was ever set", () => {
  it.each([
    [`${repositoryPath}/permissions`, { enabled: true, allowed_actions: "all", sha_pinning_required: false }],
    [
      `${repositoryPath}/permissions/workflow`,
      { default_workflow_permissions: "read", can_approve_pull_request_reviews: false },
    ],
    [`${repositoryPath}/permissions/access`, { access_level: "none" }],
    [`${repositoryPath}/oidc/customization/sub`, { use_default: true, sub_claim_prefix: "repo:acme/widgets" }],
    [`${org}/permissions`, { enabled_repositories: "all", allowed_actions: "all", sha_pinning_required: false }],
    [`${org}/permissions/workflow`, { default_workflow_permissions: "read", can_approve_pull_request_reviews: false }],
    [`${org}/oidc/customization/sub`, { include_claim_keys: ["repo", "context"], use_immutable_subject: false }],
  ])("%s is as in a new one", async (path, expected) => {
    const { status, body } = await api.get(path);
    expect([status, body]).toEqual([200, expected]);
  });
});

describe("the sandbox's Actions permissions, when a setting is changed", () => {
  it.each<[string, string, object, number, object]>([
    [
      "the pinning of a repository",
      `${repositoryPath}/permissions`,
      { enabled: true, sha_pinning_required: true },
      204,
      { allowed_actions: "all", sha_pinning_required: true },
    ],
    [
      "the actions of a repository",
      `${repositoryPath}/permissions`,
      { enabled: true, allowed_actions: "selected" },
      204,
      { allowed_actions: "selected", selected_actions_url: expect.stringMatching(/selected-actions$/) as string },
    ],
    [
      "the selected actions",
      `${repositoryPath}/permissions/selected-actions`,
      { github_owned_allowed: true, patterns_allowed: ["acme/*"] },
      204,
      { github_owned_allowed: true, verified_allowed: false, patterns_allowed: ["acme/*"] },
    ],
    [
      "who else may use workflows",
      "/repos/acme/inner/actions/permissions/access",
      { access_level: "organization" },
      204,
      { access_level: "organization" },
    ],
    [
      "the actions of an organization",
      `${org}/permissions`,
      { enabled_repositories: "selected", allowed_actions: "selected" },
      204,
      { enabled_repositories: "selected", allowed_actions: "selected" },
    ],
    [
      "an organization's selected actions",
      `${org}/permissions/selected-actions`,
      { verified_allowed: true },
      204,
      { github_owned_allowed: false, verified_allowed: true, patterns_allowed: [] },
    ],
    [
      "the defaults of an organization",
      `${org}/permissions/workflow`,
      { default_workflow_permissions: "write", can_approve_pull_request_reviews: true },
      204,
      { default_workflow_permissions: "write", can_approve_pull_request_reviews: true },
    ],
    [
      "the defaults of a repository",
      `${repositoryPath}/permissions/workflow`,
      { default_workflow_permissions: "write" },
      204,
      { default_workflow_permissions: "write", can_approve_pull_request_reviews: false },
    ],
    [
      "the subject of a repository",
      `${repositoryPath}/oidc/customization/sub`,
      { use_default: false, include_claim_keys: ["repo", "job_workflow_ref"] },
      201,
      { use_default: false, include_claim_keys: ["repo", "job_workflow_ref"], use_immutable_subject: false },
    ],
    [
      "the subject of an organization",
      `${org}/oidc/customization/sub`,
      { include_claim_keys: ["repo"], use_immutable_subject: true },
      201,
      { include_claim_keys: ["repo"], use_immutable_subject: true },
    ],
  ])("%s reads back", async (_, path, body, status, expected) => {
    const put = await api.put(path, body);
    expect(put.status).toBe(status);
    expect((await api.get(path)).body).toMatchObject(expected);
  });
  it("says only that Actions are off where they are", async () => {
    await api.put(`${repositoryPath}/permissions`, { enabled: false });
    expect((await api.get(`${repositoryPath}/permissions`)).body).toEqual({ enabled: false });
  });
  it("goes back to the default subject", async () => {
    await api.put(`${repositoryPath}/oidc/customization/sub`, { use_default: true });
    expect((await api.get(`${repositoryPath}/oidc/customization/sub`)).body).not.toHaveProperty("include_claim_keys");
  });
});

describe("the sandbox's Actions permissions, when an organization has Actions for selected repositories", () => {
  const selected = async () =>
    ((await api.get(`${org}/permissions/repositories`)).body["repositories"] as { name: string }[]).map(
      ({ name }) => name,
    );
  beforeAll(() => api.put(`${org}/permissions`, { enabled_repositories: "selected" }));
  it("keeps the list", async () => {
    await api.put(`${org}/permissions/repositories`, { selected_repository_ids: [ids["widgets"]] });
    expect(await selected()).toEqual(["widgets"]);
  });
  it("adds one and takes one away", async () => {
    const added = await api.put(`${org}/permissions/repositories/${ids["inner"]}`, undefined);
    const removed = await api.delete(`${org}/permissions/repositories/${ids["widgets"]}`);
    expect([added.status, removed.status, await selected()]).toEqual([204, 204, ["inner"]]);
  });
  it("answers 404 for somebody else's repository", async () => {
    expect((await api.put(`${org}/permissions/repositories/1`, undefined)).status).toBe(404);
  });
  it("refuses the list while it is for all", async () => {
    await api.put(`${org}/permissions`, { enabled_repositories: "all" });
    expect((await api.get(`${org}/permissions/repositories`)).status).toBe(409);
  });
});

describe("the sandbox's Actions permissions, when the organization leaves no choice", () => {
  beforeAll(async () => {
    await api.put(`${org}/permissions`, { enabled_repositories: "all", allowed_actions: "local_only" });
    await api.put(`${org}/permissions/workflow`, {
      default_workflow_permissions: "read",
      can_approve_pull_request_reviews: false,
    });
  });
  it.each<[string, object]>([
    ["permissions", { enabled: true, allowed_actions: "all" }],
    ["permissions/workflow", { default_workflow_permissions: "write", can_approve_pull_request_reviews: false }],
    ["permissions/workflow", { default_workflow_permissions: "read", can_approve_pull_request_reviews: true }],
  ])("refuses a repository's %s %j", async (path, body) => {
    const put = await api.put(`${repositoryPath}/${path}`, body);
    expect([put.status, put.body["message"]]).toEqual([409, "Conflict"]);
  });
});

describe("the sandbox's Actions permissions, when a request does not fit", () => {
  it("refuses selected actions while all are allowed", async () => {
    expect((await api.get("/repos/acme/inner/actions/permissions/selected-actions")).status).toBe(409);
  });
  it("refuses to share a public repository's workflows, which everybody may use", async () => {
    expect((await api.put(`${repositoryPath}/permissions/access`, { access_level: "user" })).status).toBe(422);
  });
  it("refuses a claim that is none", async () => {
    const body = { use_default: false, include_claim_keys: ["repo:x"] };
    expect((await api.put(`${repositoryPath}/oidc/customization/sub`, body)).status).toBe(422);
  });
});

describe("the sandbox's Actions permissions, when the caller may not", () => {
  beforeAll(() => {
    const permissions = { contents: "write", actions: "write" } as const;
    sandbox.github.tokens.set("job", { kind: "actions", repository: "acme/widgets", permissions });
    sandbox.github.tokens.set("scopeless", { kind: "classic", login: "ada", scopes: ["repo"] });
  });
  it.each([
    ["GET", `${repositoryPath}/permissions`, "administration=read"],
    ["PUT", `${repositoryPath}/permissions/workflow`, "administration=write"],
    ["GET", `${org}/permissions/workflow`, "organization_administration=read"],
    ["PUT", `${org}/permissions`, "organization_administration=write"],
    ["PUT", `${org}/oidc/customization/sub`, "organization_administration=write"],
  ])("%s %s names the permission it takes", async (method, path, permission) => {
    const token = { token: "job" };
    const { status, headers } = await (method === "GET"
      ? api.get(path, token)
      : api.put(path, { enabled: true, enabled_repositories: "all" }, token));
    expect([status, headers.get("x-accepted-github-permissions")]).toEqual([403, permission]);
  });
  it("lets the permission for Actions change the subject", async () => {
    const put = await api.put(`${repositoryPath}/oidc/customization/sub`, { use_default: true }, { token: "job" });
    expect(put.status).toBe(201);
  });
  it("names the scope to a classic token", async () => {
    const { status, headers } = await api.get(`${org}/permissions`, { token: "scopeless" });
    expect([status, headers.get("x-accepted-oauth-scopes")]).toEqual([404, "admin:org"]);
  });
});

describe("the sandbox's Actions permissions, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
