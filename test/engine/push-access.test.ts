import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Token } from "../../sandbox/github/api/token.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

const registry = sandbox.addresses.registry;
const page = (name: string): string => `${sandbox.addresses.web}/orgs/acme/packages/container/${name}/settings`;
const permissions = { contents: "write", packages: "write" } as const;
let project: Project;

/** Runs as a token, to GitHub and to the registry, as a workflow does. */
async function runAs(secret: string, token: Token): Promise<void> {
  sandbox.github.tokens.set(secret, token);
  await project.useCredentials({ github: secret, registry: secret });
}

/** What a refused run must not have done. */
function expectNothingWritten(mark: number): void {
  expect(sandbox.journal.writes(mark).filter(({ method }) => method !== "GET")).toEqual([]);
}

beforeAll(async () => {
  await sandbox.github.packages.setOwner("acme", { type: "organization" });
  // The story of docs/packages.md: `capt` was pushed by hand long ago, `capt-test` by the workflow itself.
  await sandbox.github.packages.seed([
    { name: "acme/capt", visibility: "private", repository: null, actions: {} },
    { name: "acme/capt-test", visibility: "public", repository: "acme/push", actions: { "acme/push": "write" } },
    { name: "other/capt", visibility: "public", repository: null, actions: {} },
  ]);
  const image = (repository: string, name: string) => ({ name, repository: `${registry}/${repository}` });
  project = await makeProject(sandbox, "push", {
    image: undefined,
    images: [image("acme/capt", "capt"), image("acme/capt-test", "capt-test"), image("other/capt", "other")],
    packages: { registry },
  });
  await project.commit("v1.0.0");
  await project.git("commit", "--quiet", "--allow-empty", "--message=Not pushed yet");
  await project.git("tag", "--force", "v1.0.0");
}, 120_000);

describe("the preflight, when the test image would go through and the real one would not", () => {
  const runs: { [kind: string]: Run } = {};
  let mark: number;
  beforeAll(async () => {
    await runAs("workflow", { kind: "actions", repository: "acme/push", permissions });
    mark = sandbox.journal.mark();
    runs["preview"] = await project.preview();
    runs["up"] = await project.up();
  });

  it.each(["preview", "up"])("%s names every package that would refuse, its page and its switch", (kind) => {
    const { exitCode, output = "" } = runs[kind] ?? {};
    expect(exitCode, output).not.toBe(0);
    expect(output).toContain("checking write access to all 3 repositories failed [DENIED]");
    expect(output).toContain(`${registry}/acme/capt: DENIED: permission_denied: write_package`);
    expect(output).toContain(page("capt"));
    expect(output).toContain("Manage Actions access");
    expect(output).toContain("nothing was built, nothing was pushed");
    expect(output).not.toContain(`${registry}/acme/capt-test: DENIED`);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it("`up` names the package of another owner too: a preview's token says nothing of the release's", () => {
    expect(runs["up"]?.output).toContain(
      `${registry}/other/capt: DENIED: permission_denied: The requested installation does not exist`,
    );
  });

  it("`up` names in the same run what else would stop it: a commit that was not pushed", () => {
    expect(runs["up"]?.output).toMatch(/git commit.*is not in acme\/push on GitHub[^]*DENIED: permission_denied/);
  });

  it("builds nothing and writes nothing; each session that was opened stands apart", () => {
    expectNothingWritten(mark);
    expect(sandbox.journal.probes(mark).filter(({ status }) => status === 202)).not.toEqual([]);
  });
});

describe("the preflight, when the run's token may only read", () => {
  const readOnly: Token = {
    kind: "actions",
    repository: "acme/push",
    permissions: { contents: "write", packages: "read" },
  };
  beforeAll(async () => {
    await project.git("push", "--quiet", "origin", "HEAD:main");
    await project.configure({
      repository: "acme/push",
      image: `${registry}/acme/capt-test`,
      signing: "off",
      packages: { registry },
    });
    await runAs("reader", readOnly);
  });

  it("a preview warns: it cannot be known here", async () => {
    const { exitCode, output } = await project.preview();
    expect(exitCode, output).toBe(0);
    expect(output).toContain(
      `Whether ${registry}/acme/capt-test accepts a push cannot be known with what this run has`,
    );
    expect(output).toContain("installation not allowed to Write organization package");
  });

  it("`up` refuses, and names the permission of the job", async () => {
    const mark = sandbox.journal.mark();
    const { exitCode, output } = await project.up();
    expect(exitCode, output).not.toBe(0);
    expect(output).toContain("[DENIED]");
    expect(output).toContain("permissions: packages: write");
    expectNothingWritten(mark);
  });
});

describe("the preflight, when the right is there", () => {
  it("the same release goes through", async () => {
    await runAs("writer", { kind: "actions", repository: "acme/push", permissions });
    const { exitCode, output } = await project.up();
    expect(exitCode, output).toBe(0);
    expect(sandbox.github.packages.find("acme/capt-test")?.versions.some(({ tags }) => tags.includes("1.0.0"))).toBe(
      true,
    );
  });
});
