import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { changes } from "../support/engine-events.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const packages = 1000;
const repositories = Array.from({ length: 50 }, (_, at) => `service-${at}`);
const widgetsPath = "/repos/acme/widgets";
const immutablePath = "/orgs/acme/settings/immutable-releases";

const declared = {
  organization: "acme",
  packages: {
    rules: [
      { match: "*-test", visibility: "private" },
      { match: "*", visibility: "public" },
    ],
    exceptions: { tools: { visibility: "private", repository: "acme/widgets" } },
  },
  immutableTags: { tags: ["v*"], repositories: ["service-*"] },
  immutableReleases: ["widgets", "service-1"],
  repositories: [
    { names: repositories, workflows: { permissions: "read" } },
    {
      names: ["widgets"],
      workflows: { permissions: "read", actions: "selected", patterns: ["docker/*"], pinned: true },
      environments: [{ name: "prod", tags: ["v*"] }],
      immutableTags: { tags: ["v*"] },
      releaseProtection: {},
      freeze: { present: true },
      immutableReleases: true,
    },
  ],
};

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let project: Project;
/** The ruleset of a preset's name that a person made before there was a stack. */
let byHand: unknown;

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await sandbox.github.packages.setOwner("acme", { type: "organization" });
  await sandbox.github.packages.seed([
    ...Array.from({ length: packages - 2 }, (_, at) => ({ name: `acme/app-${at}`, visibility: "public" as const })),
    { name: "acme/app-test", visibility: "private" },
    { name: "acme/tools", visibility: "private", repository: "acme/widgets" },
  ]);
  // An organization that says `read` itself would refuse its repositories anything else.
  await api.put("/orgs/acme/actions/permissions/workflow", { default_workflow_permissions: "write" });
  for (const name of repositories) {
    await sandbox.github.createRepository(`acme/${name}`);
  }
  project = await makeProject(sandbox, "widgets");
  const made = await api.post(`${widgetsPath}/rulesets`, {
    name: "release protection",
    target: "branch",
    enforcement: "disabled",
    rules: [{ type: "creation" }],
  });
  byHand = made.body["id"];
  project.environment["LOCKSTEP_GITHUB_WRITES_PER_MINUTE"] = "60000";
  await project.configure(declared);
}, 120_000);
afterAll(() => forget());

const packageCalls = (mark: number): number =>
  sandbox.journal.since(mark, { door: "github" }).filter(({ path }) => /\/packages|\/memberships\//.test(path)).length;
/** Names of the repositories whose Releases the organization makes immutable. */
const immutable = async (): Promise<string[]> => {
  const { repositories: listed } = (await api.get(`${immutablePath}/repositories`)).body as {
    repositories: { name: string }[];
  };
  return listed.map(({ name }) => name).toSorted();
};
const changed = ({ operations }: Run): string[] =>
  changes(operations)
    .map(({ op, name }) => `${op} ${name}`)
    .filter((line) => !line.includes("lockstep-test"));

describe("an organization's stack, when 1,000 packages and 51 repositories are declared", () => {
  let up: Run;
  let calls: number;
  let first: Run;
  beforeAll(async () => {
    await sandbox.github.packages.set("acme/tools", { repository: "acme/service-0" });
    first = await project.preview();
    await sandbox.github.packages.set("acme/tools", { repository: "acme/widgets" });
    const mark = sandbox.journal.mark();
    up = await project.up();
    calls = packageCalls(mark);
  }, 300_000);

  it("says in the first preview, which has nothing to compare with, what `up` would meet", () => {
    expect(first.exitCode, first.output).toBe(0);
    expect(first.output).toContain("| tools | differs | repository: acme/service-0, declared acme/widgets |");
    expect(first.output).toContain("acme/widgets has a ruleset `release protection` already: `up` replaces all of it");
  });

  it("is green, with one resource for all packages", () => {
    expect(up.exitCode, up.output).toBe(0);
    expect(
      changed(up)
        .filter((line) => line.includes("package"))
        .toSorted(),
    ).toEqual(["create package/acme/tools", "create packages/acme"]);
  });

  it("makes at most 30 calls for the packages", () => {
    expect(calls).toBeGreaterThan(9);
    expect(calls).toBeLessThanOrEqual(30);
  });

  it("sets what it declares", async () => {
    expect((await api.get(`${widgetsPath}/actions/permissions/workflow`)).body).toMatchObject({
      default_workflow_permissions: "read",
    });
    const { body } = await api.get(`${widgetsPath}/rulesets`);
    expect((body as unknown as { name: string }[]).map(({ name }) => name).toSorted()).toEqual([
      "immutable tags",
      "release freeze",
      "release protection",
    ]);
    expect((await api.get(`${widgetsPath}/immutable-releases`)).body).toMatchObject({ enabled: true });
  });

  it("brings a ruleset of a preset's name into line, and does not double it", async () => {
    const { body } = await api.get(`${widgetsPath}/rulesets`);
    const protections = (body as unknown as { name: string }[]).filter(({ name }) => name === "release protection");
    expect(protections).toMatchObject([{ id: byHand, enforcement: "active" }]);
  });

  it("sets what it declares for many repositories at once", async () => {
    expect((await api.get("/orgs/acme/rulesets")).body).toMatchObject([
      { name: "immutable tags", enforcement: "active" },
    ]);
    const about = (await api.get("/repos/acme/service-0/rulesets")).body as unknown as { source_type: string }[];
    expect(about.map(({ source_type: source }) => source)).toEqual(["Organization"]);
    expect(await immutable()).toEqual(["service-1", "widgets"]);
  });

  it("is all the same in the second run, which writes nothing", async () => {
    const mark = sandbox.journal.mark();
    const again = await project.up();
    expect([again.exitCode, changed(again)], again.output).toEqual([0, []]);
    expect(again.operations.filter(({ op }) => !["same", "refresh", "read"].includes(op))).toEqual([]);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(packageCalls(mark)).toBeLessThanOrEqual(30);
  }, 300_000);
});

describe("an organization's stack, when the stack is given the file of another organization", () => {
  it("refuses it, and removes nothing", async () => {
    await project.configure({ ...declared, organization: "other" });
    const preview = await project.preview();
    await project.configure(declared);
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toMatch(/organization = "other": this stack holds the settings of acme/);
    expect(preview.output).toContain("docs/organization.md explains every key");
  });
});

describe("an organization's stack, when someone changes settings by hand", () => {
  beforeAll(async () => {
    await sandbox.github.packages.set("acme/app-test", { visibility: "public" });
    const rulesets = (await api.get(`${widgetsPath}/rulesets`)).body as unknown as { id: number; name: string }[];
    const id = (name: string): number => rulesets.find((one) => one.name === name)?.id ?? 0;
    await api.put(`${widgetsPath}/rulesets/${id("immutable tags")}`, { rules: [{ type: "update" }] });
    await api.put(`${widgetsPath}/rulesets/${id("release freeze")}`, { enforcement: "disabled" });
    for (const path of [widgetsPath, "/repos/acme/service-0"]) {
      await api.put(`${path}/actions/permissions/workflow`, { default_workflow_permissions: "write" });
    }
    const [ofOrganization] = (await api.get("/orgs/acme/rulesets")).body as unknown as { id: number }[];
    await api.put(`/orgs/acme/rulesets/${ofOrganization?.id ?? 0}`, { rules: [{ type: "update" }] });
    const [first, second] = await Promise.all(
      ["service-1", "service-2"].map(async (name) => (await api.get(`/repos/acme/${name}`)).body["id"]),
    );
    await api.put(`${immutablePath}/repositories`, { selected_repository_ids: [first, second] });
  });

  const drifted = [
    "update freeze/acme/widgets",
    "update immutable-releases/acme",
    // The organization asked for it; the repository's own was never switched on.
    "update immutable-releases/acme/widgets",
    "update immutable-tags/acme",
    "update immutable-tags/acme/widgets",
    "update packages/acme",
    "update workflow-permissions/service-0",
    "update workflow-permissions/widgets",
  ];

  const texts: string[] = [];
  let up: Run;

  it("a plain preview shows each, and names the package", async () => {
    // Without this flag a preview is green whatever it shows.
    const preview = await project.preview("--diff", "--expect-no-changes");
    expect(preview.exitCode, preview.output).not.toBe(0);
    expect(changed(preview).toSorted()).toEqual(drifted);
    expect(preview.output).toContain("app-test: visibility is public, declared private");
    expect(preview.output).toMatch(/"service-2"/);
    texts.push(preview.output);
  }, 300_000);

  it("keeps the token out of preview and state", async () => {
    texts.push(JSON.stringify(await project.state()));
    const token = sandbox.environment["GITHUB_TOKEN"] ?? "";
    expect(texts.map((text) => [text.includes("acme/widgets"), text.includes(token)])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it("`up` repairs what GitHub has an API for, and names page and switch of the rest", async () => {
    sandbox.faults.add({
      door: "github",
      method: "PUT",
      path: /service-0\/actions\/permissions\/workflow$/,
      when: "before",
      act: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    up = await project.up();
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toContain("[PACKAGE_DIFFERS]");
    expect(up.output).toContain(
      `${sandbox.addresses.web}/orgs/acme/packages/container/app-test/settings → Danger Zone → Change visibility → private`,
    );
    expect(up.output).not.toMatch(/^\s+at /m);
    expect((await api.get(`${widgetsPath}/actions/permissions/workflow`)).body).toMatchObject({
      default_workflow_permissions: "read",
    });
    const rulesets = (await api.get(`${widgetsPath}/rulesets`)).body as unknown as {
      name: string;
      enforcement: string;
    }[];
    expect(rulesets.map(({ name, enforcement }) => `${name} ${enforcement}`).toSorted()).toEqual([
      "immutable tags active",
      "release freeze active",
      "release protection active",
    ]);
    expect((await api.get("/orgs/acme/rulesets")).body).toMatchObject([{ enforcement: "active" }]);
    expect(await immutable()).toEqual(["service-1", "widgets"]);
  }, 300_000);

  it("says what a refusal means also where the GitHub provider met it", () => {
    // While it runs the engine writes other lines between; at its end it tells each failure whole.
    const told = up.output.slice(up.output.lastIndexOf("setting workflow-permissions/service-0 of acme failed"));
    expect(told).toContain("[DENIED]");
    expect(told).toMatch(/reason: +403 Resource not accessible by integration \(PUT \S+\/workflow\)/);
    expect(told).toContain("Administration: write");
  });
});

describe("an organization's stack, when it is destroyed", () => {
  it("rulesets and freeze go, and no protection of workflows and Releases does", async () => {
    const destroy = await project.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.exitCode, destroy.output).toBe(0);
    expect((await api.get(`${widgetsPath}/rulesets`)).body).toEqual([]);
    expect([(await api.get("/orgs/acme/rulesets")).body, await immutable()]).toEqual([[], ["service-1", "widgets"]]);
    expect((await api.get(`${widgetsPath}/immutable-releases`)).body).toMatchObject({ enabled: true });
    expect((await api.get(`${widgetsPath}/actions/permissions/workflow`)).body).toMatchObject({
      default_workflow_permissions: "read",
    });
    // The environment stays; what might deploy to it does not, because a pattern that is kept would hold for ever.
    const policies = await api.get(`${widgetsPath}/environments/prod/deployment-branch-policies`);
    expect([policies.status, policies.body]).toEqual([200, { total_count: 0, branch_policies: [] }]);
  }, 300_000);
});
