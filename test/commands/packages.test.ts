import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { packages } from "../../commands/packages.ts";
import type { PackageFinding } from "../../plan/organization/packages-report.ts";
import type { Token } from "../../sandbox/github/api/token.ts";
import type { SeededPackage } from "../../sandbox/github/packages/package-control.ts";
import { connectedSandbox } from "../clients/connected-sandbox.ts";
import { failure } from "../clients/failure.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { actingAs } from "../providers/acting-as.ts";
import { listedOrganization } from "../providers/organization/listed-organization.ts";

const world = connectedSandbox();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "packages-"));
});
afterAll(() => rm(folder, { recursive: true }));

const rules = [{ match: "app*", visibility: "public" }];
const exceptions = { tools: { visibility: "private" }, secrets: { visibility: "private" } };

/** An organization that no other test has, with its packages, and the file of its stack. */
async function organization(
  seeds: Readonly<Record<string, Partial<SeededPackage>>>,
  declared: object = { rules, exceptions },
): Promise<{ name: string; file: string }> {
  const name = await listedOrganization(world, seeds);
  const file = join(folder, `${name}.yaml`);
  const config = { "lockstep:organization": name, "lockstep:packages": declared };
  await writeFile(file, stringify({ config }));
  return { name, file };
}

async function run(file: string, ...args: string[]): Promise<{ exitCode: number; output: string }> {
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    return { exitCode: await packages(["--config-file", file, ...args]), output };
  } finally {
    write.mockRestore();
  }
}

/** Result and reason of each finding, as JSON has them. */
async function results(file: string): Promise<[name: string, result: string, why: string | undefined][]> {
  const findings = JSON.parse((await run(file, "--json")).output) as PackageFinding[];
  return findings.map(({ name, result, why }) => [name, result, why]);
}

const questions = (mark: number): string[] =>
  world.sandbox.journal
    .since(mark, { door: "github" })
    .map(({ method, path }) => `${method} ${path.replace("/api/v3", "").split("?")[0]}`);

describe("the packages command, when an owner asks", () => {
  it("is green where all is as declared, for one request of the list and one of the role", async () => {
    const { name, file } = await organization({ app: { visibility: "public" }, tools: {}, secrets: {} });
    const mark = world.sandbox.journal.mark();
    expect(await run(file)).toEqual({ exitCode: 0, output: "3 of 3 packages match the configuration.\n" });
    expect(questions(mark)).toEqual([`GET /orgs/${name}/packages`, `GET /user/memberships/orgs/${name}`]);
  });

  it("calls a declared package that is not there missing", async () => {
    const { file } = await organization({ app: { visibility: "public" }, tools: {} });
    expect((await run(file)).exitCode).toBe(1);
    expect(await results(file)).toEqual([
      ["secrets", "differs", undefined],
      ["app", "as declared", undefined],
      ["tools", "as declared", undefined],
    ]);
  });
});

describe("the packages command, when someone asks who is not an owner", () => {
  const member = (name: string, scopes = ["read:packages", "read:org"]): Token => ({
    kind: "classic",
    login: "kim",
    scopes,
    roles: { [name]: "read" },
  });
  const seeds: Record<string, Partial<SeededPackage>> = {
    app: { visibility: "public" },
    tools: { people: { kim: "read" } },
    secrets: {},
    stray: {},
  };

  it("a declared package that is not shown cannot be known: it may be there, and exit code 1 says that not all is well", async () => {
    const { name, file } = await organization(seeds);
    actingAs(world, member(name));
    const mark = world.sandbox.journal.mark();
    const { exitCode, output } = await run(file);
    expect([exitCode, questions(mark)]).toEqual([
      1,
      [`GET /orgs/${name}/packages`, `GET /user/memberships/orgs/${name}`],
    ]);
    const why = `GitHub shows kim (member of ${name}, not an owner) only packages that it may read`;
    const how = `ask with a classic token with \`read:packages\` and \`read:org\` of an owner of ${name}`;
    expect(output.split("\n")).toEqual([
      "2 of the 3 packages whose names are known match the configuration; others cannot be listed.",
      "",
      "| package | result | what | switch | page |",
      "| --- | --- | --- | --- | --- |",
      `| secrets | cannot be known | ${why} | ${how} | ${world.sandbox.addresses.web}/orgs/${name}/packages/container/secrets/settings |`,
      `| every other package | cannot be known | ${why} | ${how} | ${world.sandbox.addresses.web}/orgs/${name}/packages |`,
      "",
    ]);
  });

  it("does not say that all is well where a package that differs is not shown", async () => {
    const { name, file } = await organization({ app: { visibility: "public" }, "app-2": {} }, { rules });
    expect((await results(file))[0]).toEqual(["app-2", "differs", undefined]);
    actingAs(world, member(name));
    expect((await run(file)).exitCode).toBe(1);
    expect(await results(file)).toEqual([
      ["every other package", "cannot be known", expect.stringContaining("not an owner")],
      ["app", "as declared", undefined],
    ]);
  });

  it("asks for no role where no rule is declared, and all exceptions are shown", async () => {
    const { name, file } = await organization(seeds, { exceptions: { tools: exceptions.tools } });
    actingAs(world, member(name));
    const mark = world.sandbox.journal.mark();
    expect((await run(file)).exitCode).toBe(0);
    expect(questions(mark)).toEqual([`GET /orgs/${name}/packages`]);
  });

  it("gives the reason where GitHub does not say what this login is", async () => {
    const { name, file } = await organization(seeds);
    actingAs(world, member(name, ["read:packages"]));
    expect((await results(file))[0]?.[2]).toContain(
      "did not reveal this login's role (You need at least read:org scope",
    );
  });
});

describe("the packages command, when the list of packages is refused", () => {
  const workflow = (name: string): Token => ({
    kind: "actions",
    repository: `${name}/tools`,
    permissions: { packages: "read" },
  });

  it("looks at what is declared by name, and says of all others that they cannot be known and which token can list", async () => {
    const { name, file } = await organization({ app: { visibility: "public" }, tools: {}, secrets: {} });
    await world.sandbox.github.packages.set(`${name}/tools`, { actions: { [`${name}/tools`]: "read" } });
    actingAs(world, workflow(name));
    const { exitCode, output } = await run(file);
    expect(exitCode).toBe(1);
    expect(output).toContain("1 of the 2 packages whose names are known match the configuration");
    expect(output).toContain("ask with a classic token with `read:packages`; GitHub lets no other kind list packages");
    expect(await results(file)).toEqual([
      [
        "secrets",
        "cannot be known",
        "GitHub gives the same answer for a package that does not exist and for one that this token may not read",
      ],
      ["every other package", "cannot be known", "the list of packages is refused: Invalid argument."],
      ["tools", "as declared", undefined],
    ]);
  });

  it("has the server's words for each that is refused too", async () => {
    const { file } = await organization({ tools: {}, secrets: {} });
    actingAs(world, { kind: "fine-grained", login: "kim", permissions: { packages: "read" } });
    const words = "Resource not accessible by personal access token";
    expect(await results(file)).toEqual([
      ["secrets", "cannot be known", words],
      ["tools", "cannot be known", words],
      ["every other package", "cannot be known", `the list of packages is refused: ${words}`],
    ]);
  });
});

describe("the packages command, when GitHub does not answer the question", () => {
  it.each([
    [401, "Bad credentials", "CREDENTIALS_REFUSED"],
    [403, "You have exceeded a secondary rate limit.", "RATE_LIMITED"],
    [404, "Not Found", "NOT_FOUND"],
    [502, "Server Error", "SERVER_FAULT"],
  ])("fails where it says %i %s: that tells nothing of the packages", async (status, message, code) => {
    const { file } = await organization({ tools: {} });
    const fault = { door: "github", method: "GET", path: /packages/, when: "before", times: Infinity } as const;
    world.sandbox.faults.add({ ...fault, act: { status, body: { message } } });
    expect(await failure(ReleaseError, run(file))).toMatchObject({ code });
  });
});

describe("the packages command, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
