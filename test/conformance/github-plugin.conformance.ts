import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { changes, operationsIn } from "../support/engine-events.ts";
import type { Operation } from "../support/engine-events.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";

interface Run {
  exitCode: number | undefined;
  output: string;
  changed: string[];
}

let sandbox: Sandbox;
let forget = async (): Promise<void> => undefined;
let api: ReturnType<typeof githubClient>;
let runs = 0;
const repositoryPath = "/repos/acme/widgets";
const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the engine on settings-program.ts; nobody else's state or credentials are in reach. */
async function pulumi(...args: string[]): Promise<Run> {
  const eventLog = join(sandbox.folder, `events-${(runs += 1)}.json`);
  const options = ["--stack", "settings", "--non-interactive", "--color", "never", "--event-log", eventLog];
  const result = await execa("pulumi", [...args, ...options], inProgram({ all: true, reject: false }));
  const operations = await operationsIn(eventLog).catch((): Operation[] => []);
  const changed = changes(operations).map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`);
  return {
    exitCode: result.exitCode,
    output: result.all ?? "",
    changed: changed.filter((line) => !line.includes(" Stack ")),
  };
}

function inProgram<T extends object>(options: T) {
  const env = {
    PULUMI_BACKEND_URL: pathToFileURL(join(sandbox.folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_DEBUG_COMMANDS: "1",
    GITHUB_BASE_URL: `${sandbox.addresses.web}/`,
    GITHUB_OWNER: "acme",
    GITHUB_TOKEN: sandbox.environment["GITHUB_TOKEN"] ?? "",
  };
  return { cwd: join(sandbox.folder, "program"), env, ...options };
}

beforeAll(async () => {
  ({ sandbox, forget } = await temporarySandbox());
  api = githubClient(sandbox);
  await sandbox.github.createRepository("acme/widgets");
  const folder = join(sandbox.folder, "program");
  await mkdir(folder);
  await mkdir(join(sandbox.folder, "state"));
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  const program = join(checkout, "test", "sandbox", "github", "settings-program.ts");
  await writeFile(join(folder, "index.ts"), `import ${JSON.stringify(program)};\n`);
  await writeFile(join(folder, "package.json"), '{"type": "module", "main": "index.ts"}\n');
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: settings\nruntime:\n  name: nodejs\n  options:\n    typescript: false\noptions:\n  refresh: always\n",
  );
  await execa("pulumi", ["stack", "init", "settings"], inProgram({}));
});
afterAll(() => forget());

describe("the GitHub plugin, when settings are declared", () => {
  let up: Run;
  beforeAll(async () => {
    up = await pulumi("up", "--yes", "--skip-preview");
  });
  it("makes them all", () => {
    expect(up.exitCode, up.output).toBe(0);
    expect(up.changed.toSorted()).toEqual([
      "create ActionsOrganizationWorkflowPermissions defaults",
      "create ActionsRepositoryPermissions actions",
      "create OrganizationRuleset everywhere",
      "create RepositoryEnvironment prod",
      "create RepositoryEnvironmentDeploymentPolicy prod tags",
      "create RepositoryRuleset main",
      "create RepositoryRuleset tags",
      "create WorkflowRepositoryPermissions defaults",
    ]);
  });
  it("finds them as GitHub has them", async () => {
    const { body } = await api.get(`${repositoryPath}/rulesets`);
    const [tags] = (body as unknown as { id: number; name: string }[]).filter(({ name }) => name === "release tags");
    expect((await api.get(`${repositoryPath}/rulesets/${tags?.id}`)).body).toMatchObject({
      conditions: { ref_name: { include: ["refs/tags/v*"], exclude: ["refs/tags/v0*"] } },
      rules: expect.arrayContaining([{ type: "deletion" }, { type: "non_fast_forward" }]) as unknown,
    });
    expect((await api.get(`${repositoryPath}/environments/prod`)).body).toMatchObject({
      protection_rules: [{ wait_timer: 5 }, { prevent_self_review: true }, { type: "branch_policy" }],
    });
    expect((await api.get(`${repositoryPath}/actions/permissions/selected-actions`)).body).toMatchObject({
      patterns_allowed: ["acme/*"],
    });
  });
});

describe("the GitHub plugin, when someone changed settings by hand", () => {
  const drifted = [
    "update ActionsOrganizationWorkflowPermissions defaults",
    "update ActionsRepositoryPermissions actions",
    "update OrganizationRuleset everywhere",
    "update RepositoryEnvironment prod",
    "update RepositoryRuleset tags",
    "update WorkflowRepositoryPermissions defaults",
  ];
  const rulesets = async (path: string) =>
    new Map(
      ((await api.get(path)).body as unknown as { id: number; name: string }[]).map(({ id, name }) => [name, id]),
    );
  beforeAll(async () => {
    const tags = (await rulesets(`${repositoryPath}/rulesets`)).get("release tags");
    const everywhere = (await rulesets("/orgs/acme/rulesets")).get("everywhere");
    await api.put(`${repositoryPath}/rulesets/${tags}`, { enforcement: "disabled", rules: [{ type: "deletion" }] });
    await api.put(`/orgs/acme/rulesets/${everywhere}`, {
      bypass_actors: [{ actor_id: 1, actor_type: "OrganizationAdmin" }],
    });
    await api.put(`${repositoryPath}/actions/permissions/workflow`, { default_workflow_permissions: "write" });
    await api.put("/orgs/acme/actions/permissions/workflow", {
      default_workflow_permissions: "write",
      can_approve_pull_request_reviews: true,
    });
    await api.put(`${repositoryPath}/actions/permissions/selected-actions`, { patterns_allowed: ["*"] });
    await api.put(`${repositoryPath}/environments/prod`, {
      wait_timer: 0,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
  });
  it("shows each of them, and nothing else", async () => {
    const preview = await pulumi("preview", "--diff");
    expect(preview.changed.toSorted(), preview.output).toEqual(drifted);
    expect(preview.output).toMatch(/enforcement *: "disabled" => "active"/);
  });
  it("repairs each of them", async () => {
    const up = await pulumi("up", "--yes", "--skip-preview");
    expect([up.exitCode, up.changed.toSorted()], up.output).toEqual([0, drifted]);
    const tags = (await rulesets(`${repositoryPath}/rulesets`)).get("release tags");
    expect((await api.get(`${repositoryPath}/rulesets/${tags}`)).body).toMatchObject({ enforcement: "active" });
  });
});

describe("the GitHub plugin, when someone takes all reviewers away", () => {
  it("is a gap of the plugin: it sees nothing, as of all that was repaired; and it writes nothing", async () => {
    await api.put(`${repositoryPath}/environments/prod`, {
      wait_timer: 5,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const mark = sandbox.journal.mark();
    const preview = await pulumi("preview");
    expect([preview.exitCode, preview.changed, sandbox.journal.writes(mark)], preview.output).toEqual([0, [], []]);
  });
});

describe("the GitHub plugin, when the token may not", () => {
  it("says what GitHub says", async () => {
    sandbox.github.tokens.set("job", {
      kind: "actions",
      repository: "acme/widgets",
      permissions: { contents: "write" },
    });
    const own = sandbox.environment["GITHUB_TOKEN"] ?? "";
    sandbox.environment["GITHUB_TOKEN"] = "job";
    const preview = await pulumi("preview");
    sandbox.environment["GITHUB_TOKEN"] = own;
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toContain("403 Resource not accessible by integration");
  });
});

describe("the GitHub plugin, when all is taken away", () => {
  it("leaves the repository as it was", async () => {
    const destroy = await pulumi("destroy", "--yes", "--skip-preview");
    const left = (await api.get(`${repositoryPath}/rulesets`)).body;
    const environments = (await api.get(`${repositoryPath}/environments`)).body["total_count"];
    expect([destroy.exitCode, left, environments], destroy.output).toEqual([0, [], 0]);
  });
});

describe("the GitHub plugin, when all of the above is done", () => {
  it("found nothing", () => expect(sandbox.violations()).toEqual([]));
});
