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

/** Releases one image of one platform, unsigned, into a package. */
function releaseInto(name: string): Promise<void> {
  return project.configure({
    repository: "acme/push",
    image: { repository: `${registry}/${name}`, platforms: ["linux/amd64"] },
    signing: "off",
    packages: { registry },
  });
}

/** Runs as a token, to GitHub and to the registry, as a workflow does. */
async function runAs(secret: string, token: Token): Promise<void> {
  sandbox.github.tokens.set(`canary-${secret}`, token);
  await project.useCredentials({ github: `canary-${secret}`, registry: `canary-${secret}` });
}

beforeAll(async () => {
  await sandbox.github.packages.setOwner("acme", { type: "organization" });
  // The story of docs/packages.md: `capt` was pushed by hand long ago, `capt-test` by the workflow itself.
  await sandbox.github.packages.seed([
    { name: "acme/capt", visibility: "private", repository: null, actions: {} },
    { name: "acme/capt-test", visibility: "public", repository: "acme/push", actions: { "acme/push": "write" } },
  ]);
  const image = (repository: string, name: string) => ({ name, repository: `${registry}/${repository}` });
  project = await makeProject(sandbox, "push", {
    image: undefined,
    images: [image("acme/capt", "capt"), image("acme/capt-test", "capt-test")],
    packages: { registry },
  });
  await project.commit("v1.0.0");
}, 120_000);

describe("a release whose preflight refuses", () => {
  let up: Run;
  let mark: number;
  beforeAll(async () => {
    await runAs("workflow", { kind: "actions", repository: "acme/push", permissions });
    mark = sandbox.journal.mark();
    up = await project.up();
  });

  it("ends in the preflight's words, without a stack trace", () => {
    expect(up.exitCode, up.output).not.toBe(0);
    expect(up.output).toContain("checking write access to all");
    expect(up.output).toContain(`${registry}/acme/capt: DENIED: permission_denied: write_package`);
    expect(up.output).toContain(page("capt"));
    expect(up.output).toContain("nothing was built, nothing was pushed");
    expect(up.output).not.toMatch(/^\s+at /m);
    expect(up.output).not.toMatch(/canary/);
  });

  it("builds nothing and writes nothing", async () => {
    expect(await sandbox.builder?.history()).toEqual([]);
    expect(sandbox.journal.writes(mark)).toEqual([]);
    expect(up.operations.filter(({ type }) => !type.startsWith("pulumi:"))).toEqual([]);
  });
});

describe("a preview whose token may only read, of a dirty work tree", () => {
  it("warns of both and goes on, and builds nothing", async () => {
    await project.write({ "greeting.txt": "Not committed.\n" });
    await releaseInto("acme/capt-test");
    await runAs("reader", {
      kind: "actions",
      repository: "acme/push",
      permissions: { contents: "write", packages: "read" },
    });
    const { exitCode, output } = await project.preview();
    expect(exitCode, output).toBe(0);
    expect(output).toContain(
      `Whether ${registry}/acme/capt-test accepts a push cannot be known with what this run has`,
    );
    expect(output).toContain("installation not allowed to Write organization package");
    expect(output).toContain("has changes that are not committed ( M greeting.txt): `up` will refuse it");
    expect(await sandbox.builder?.history()).toEqual([]);
    await project.git("checkout", "--quiet", "greeting.txt");
  });
});

describe("a release into a package that it may not create", () => {
  let up: Run;
  let mark: number;
  beforeAll(async () => {
    await sandbox.github.packages.setOwner("acme", { creation: { public: false, internal: false, private: false } });
    await releaseInto("acme/new");
    await runAs("writer", { kind: "actions", repository: "acme/push", permissions });
    mark = sandbox.journal.mark();
    up = await project.up();
  });

  it("ends at the push in the registry's words, with what they mean, permission and switch", () => {
    expect(up.exitCode, up.output).not.toBe(0);
    expect(up.output).toContain("failed [DENIED]");
    expect(up.output).toContain("installation not allowed to Create organization package");
    expect(up.output).toContain("The workflow's token may not create a package in this organization.");
    expect(up.output).toContain("Give the job `permissions: packages: write`.");
    expect(up.output).toContain("organization Settings → Packages → Package Creation");
    expect(up.output).not.toMatch(/^\s+at /m);
    expect(up.output).not.toMatch(/canary/);
  });

  it("leaves nothing behind: no package, no tag, no Release", () => {
    expect(sandbox.github.packages.find("acme/new")).toBeUndefined();
    expect(sandbox.journal.writes(mark).filter(({ status }) => status < 400)).toEqual([]);
  });
});

describe("a release that has the right", () => {
  it("goes through", async () => {
    await releaseInto("acme/capt-test");
    const { exitCode, output } = await project.up();
    expect(exitCode, output).toBe(0);
    expect(sandbox.github.packages.find("acme/capt-test")?.versions.some(({ tags }) => tags.includes("1.0.0"))).toBe(
      true,
    );
  });
});
