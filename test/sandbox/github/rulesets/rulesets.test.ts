import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../sandbox/sandbox.ts";
import { githubClient } from "../../github-client.ts";
import { temporarySandbox } from "../../temporary-sandbox.ts";

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
const rulesetsPath = "/repos/acme/widgets/rulesets";
const tagRuleset = {
  name: "release tags",
  target: "tag",
  enforcement: "active",
  bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
  conditions: { ref_name: { include: ["refs/tags/v*"], exclude: [] } },
  rules: [{ type: "deletion" }, { type: "update", parameters: { update_allows_fetch_and_merge: false } }],
};
const everywhere = {
  repository_name: { include: ["~ALL"], exclude: ["inner"] },
  ref_name: tagRuleset.conditions.ref_name,
};

/** Breaks of GitHub's description in what was answered; the tests send broken requests on purpose. */
const brokenAnswers = () => sandbox.violations().filter((line) => !line.includes(": request: "));
const names = (body: unknown) => (body as { name: string }[]).map(({ name }) => name);

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await sandbox.github.createRepository("acme/widgets");
  await sandbox.github.createRepository("acme/inner", { private: true });
  sandbox.github.tokens.set("reader", { kind: "fine-grained", login: "ada", permissions: {} });
  sandbox.github.tokens.set("job", { kind: "actions", repository: "acme/widgets", permissions: { contents: "write" } });
});
afterAll(() => forget());

describe("the sandbox's rulesets, when a repository's ruleset is made", () => {
  let id: unknown;
  it("answers with all of it", async () => {
    const { status, body } = await api.post(rulesetsPath, tagRuleset);
    id = body["id"];
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...tagRuleset, source_type: "Repository", source: "acme/widgets" });
  });
  it("reads it back with who may bypass it", async () => {
    const { body } = await api.get(`${rulesetsPath}/${id}`);
    expect(body).toMatchObject({ ...tagRuleset, id, current_user_can_bypass: "always" });
  });
  it.each(["", "reader", "job"])("hides who may bypass it from token %j", async (token) => {
    const { body } = await api.get(`${rulesetsPath}/${id}`, { token });
    expect([body["rules"], "bypass_actors" in body]).toEqual([tagRuleset.rules, false]);
  });
  it("lists it without what it does", async () => {
    const { body } = await api.get(rulesetsPath);
    expect(body).toMatchObject([{ id, name: "release tags", enforcement: "active" }]);
    expect(Object.keys((body as unknown as object[])[0] ?? {})).not.toContain("rules");
  });
  it("changes what PUT says and nothing else", async () => {
    const { status, body } = await api.put(`${rulesetsPath}/${id}`, { enforcement: "disabled" });
    expect([status, body["enforcement"], body["rules"]]).toEqual([200, "disabled", tagRuleset.rules]);
  });
  it("fills in how an actor bypasses", async () => {
    const { body } = await api.put(`${rulesetsPath}/${id}`, {
      bypass_actors: [{ actor_id: 1, actor_type: "OrganizationAdmin" }],
    });
    expect(body["bypass_actors"]).toEqual([{ actor_id: 1, actor_type: "OrganizationAdmin", bypass_mode: "always" }]);
  });
  it("empties the list of bypass actors", async () => {
    const { body } = await api.put(`${rulesetsPath}/${id}`, { bypass_actors: [] });
    expect([body["bypass_actors"], body["current_user_can_bypass"]]).toEqual([[], "never"]);
  });
  it("survives a restart's reading of the disk", async () => {
    const { openSettings } = await import("../../../../sandbox/github/store/settings-store.ts");
    const kept = await openSettings(`${sandbox.folder}/github/settings.json`);
    expect(kept.repository("ACME/Widgets").rulesets).toMatchObject([{ id, enforcement: "disabled" }]);
  });
  it("is gone once it was deleted", async () => {
    const statuses = [
      (await api.delete(`${rulesetsPath}/${id}`)).status,
      (await api.get(`${rulesetsPath}/${id}`)).status,
    ];
    expect(statuses).toEqual([204, 404]);
  });
});

describe("the sandbox's rulesets, when a ruleset is refused", () => {
  const invalid = (reason: string) => `Invalid request.\n\nInvalid property /${reason}`;
  it.each([
    [
      "an unknown rule",
      { rules: [{ type: "immutable" }] },
      invalid("rules/0: data matches no possible input. See `documentation_url`."),
    ],
    [
      "a rule without its parameters",
      { rules: [{ type: "tag_name_pattern", parameters: {} }] },
      invalid("rules/0: data matches no possible input. See `documentation_url`."),
    ],
    [
      "an unknown kind of actor",
      { bypass_actors: [{ actor_type: "Robot" }] },
      invalid("bypass_actors/0: data matches no possible input. See `documentation_url`."),
    ],
    ["null in place of a list", { bypass_actors: null }, invalid("bypass_actors: data cannot be null.")],
    [
      "an unknown target",
      { target: "repository" },
      'Invalid request.\n\nFor \'properties/target\', "repository" is not a member of ["branch","tag","push"].',
    ],
  ])("says so for %s", async (_, change, message) => {
    const { status, body } = await api.post(rulesetsPath, { ...tagRuleset, ...change });
    expect([status, body["message"]]).toEqual([422, message]);
  });
  it.each([
    ["evaluate without GitHub Enterprise", { enforcement: "evaluate" }, "enforcement"],
    ["a name that is taken", { name: "taken" }, "name"],
  ])("names the field for %s", async (_, change, field) => {
    await api.post(rulesetsPath, { ...tagRuleset, name: "taken" });
    const { status, body } = await api.post(rulesetsPath, { ...tagRuleset, name: "other", ...change });
    expect([status, body["errors"]]).toEqual([422, [expect.objectContaining({ field })]]);
  });
  it("takes 75 and no more", async () => {
    await sandbox.github.createRepository("acme/many");
    const statuses: number[] = [];
    for (let number = 0; number < 76; number += 1) {
      statuses.push((await api.post("/repos/acme/many/rulesets", { ...tagRuleset, name: `r${number}` })).status);
    }
    expect([statuses.filter((status) => status === 201).length, statuses.at(-1)]).toEqual([75, 422]);
  });
});

describe("the sandbox's rulesets, when the caller may not", () => {
  it("lets everybody read those of a public repository", async () => {
    expect((await api.get(rulesetsPath, { token: "" })).status).toBe(200);
  });
  it.each([
    ["reader", "Resource not accessible by personal access token"],
    ["job", "Resource not accessible by integration"],
  ])("names the permission to %s", async (token, message) => {
    const { status, body, headers } = await api.post(rulesetsPath, tagRuleset, { token });
    expect([status, body["message"], headers.get("x-accepted-github-permissions")]).toEqual([
      403,
      message,
      "administration=write",
    ]);
  });
  it("takes write to read an organization's", async () => {
    sandbox.github.tokens.set("auditor", {
      kind: "fine-grained",
      login: "ada",
      permissions: { organization_administration: "read" },
    });
    const { status, headers } = await api.get("/orgs/acme/rulesets", { token: "auditor" });
    expect([status, headers.get("x-accepted-github-permissions")]).toEqual([403, "organization_administration=write"]);
  });
});

describe("the sandbox's rulesets, when an organization has rulesets", () => {
  let id: unknown;
  beforeAll(async () => {
    id = (await api.post("/orgs/acme/rulesets", { ...tagRuleset, name: "of all", conditions: everywhere })).body["id"];
  });
  it("shows them in its repositories", async () => {
    expect(names((await api.get(rulesetsPath)).body)).toEqual(["taken", "of all"]);
  });
  it("leaves them out where parents are not wanted", async () => {
    expect(names((await api.get(`${rulesetsPath}?includes_parents=false`)).body)).toEqual(["taken"]);
  });
  it("leaves out repositories that are excluded", async () => {
    expect(names((await api.get("/repos/acme/inner/rulesets")).body)).toEqual([]);
  });
  it("filters by target", async () => {
    expect(names((await api.get(`${rulesetsPath}?targets=branch,push`)).body)).toEqual([]);
  });
  it("reads one through a repository", async () => {
    const { body } = await api.get(`${rulesetsPath}/${id}`);
    expect(body).toMatchObject({ id, source_type: "Organization", source: "acme", conditions: everywhere });
  });
  it("changes none through a repository", async () => {
    expect((await api.put(`${rulesetsPath}/${id}`, { enforcement: "disabled" })).status).toBe(404);
  });
  it("changes and deletes it through the organization", async () => {
    const put = await api.put(`/orgs/acme/rulesets/${id}`, { enforcement: "disabled" });
    const removed = await api.delete(`/orgs/acme/rulesets/${id}`);
    expect([put.status, put.body["enforcement"], removed.status]).toEqual([200, "disabled", 204]);
  });
  it("answers 404 for a person", async () => {
    expect((await api.get("/orgs/maintainer/rulesets")).status).toBe(404);
  });
});

describe("the sandbox's rulesets, when the plan is free", () => {
  beforeAll(() => {
    sandbox.github.settings.organization("acme").plan = "free";
  });
  afterAll(() => {
    sandbox.github.settings.organization("acme").plan = "team";
  });
  it("refuses rulesets of private repositories, reading too", async () => {
    const message = "Upgrade to GitHub Pro or make this repository public to enable this feature.";
    const [read, write] = [
      await api.get("/repos/acme/inner/rulesets"),
      await api.post("/repos/acme/inner/rulesets", tagRuleset),
    ];
    expect([read.status, write.status, read.body["message"], write.body["message"]]).toEqual([
      403,
      403,
      message,
      message,
    ]);
  });
  it("has those of public ones", async () => {
    expect((await api.get(rulesetsPath)).status).toBe(200);
  });
  it("refuses those of the organization", async () => {
    const { status, body } = await api.get("/orgs/acme/rulesets");
    expect([status, body["message"]]).toEqual([403, "Upgrade to GitHub Team to enable this feature."]);
  });
});

describe("the sandbox's rulesets, when all of the above is done", () => {
  it("answered nothing that breaks it", () => expect(brokenAnswers()).toEqual([]));
});
