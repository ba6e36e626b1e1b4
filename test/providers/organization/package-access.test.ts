import { describe, expect, it } from "vitest";
import type { PackageAccessInputs } from "../../../providers/organization/package-access.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import type { SeededPackage } from "../../../sandbox/github/packages/package-control.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import { listedOrganization, listings } from "./listed-organization.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("package-access");

/** A package `tools` that no other test has, and what is declared of it. */
async function declared(
  settings: Partial<SeededPackage>,
  declaration: Omit<PackageAccessInputs, "organization" | "name"> = { visibility: "private" },
): Promise<PackageAccessInputs> {
  return { organization: await listedOrganization(world, { tools: settings }), name: "tools", ...declaration };
}

describe("packageAccessProvider, when the package is as declared", () => {
  it("is done, with organization and name as id", async () => {
    const inputs = await declared({});
    expect(await host.create(inputs)).toEqual({
      id: `${inputs.organization}/tools`,
      outs: { kind: "package-access", ...inputs },
    });
  });
  it("reads the same, and writes nothing", async () => {
    await world.sandbox.github.createRepository("acme/tools");
    const inputs = await declared({ repository: "acme/tools" }, { visibility: "private", repository: "Acme/Tools" });
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
  it("compares nothing that is not declared", async () => {
    await world.sandbox.github.createRepository("acme/other");
    const inputs = await declared({ visibility: "internal", repository: "acme/other" }, {});
    const { outs } = await host.create(inputs);
    expect((await host.read(outs)).inputs).toEqual(outs);
  });
  it("is another resource for another package", async () => {
    const inputs = await declared({});
    expect([
      await host.diff(inputs, { ...inputs, name: "other" }),
      await host.diff(inputs, { ...inputs, organization: "other" }),
      await host.diff(inputs, { ...inputs, visibility: "public" }),
    ]).toEqual([{ replaces: ["name"] }, { replaces: ["organization"] }, {}]);
  });
});

describe("packageAccessProvider, when the package differs", () => {
  it.each<[keyof PackageAccessInputs, PackageAccessInputs["visibility"] | undefined, string | undefined, string]>([
    ["visibility", "public", undefined, "private"],
    ["repository", undefined, "acme/tools", "none"],
  ])("shows %s alone", async (property, visibility, repository, found) => {
    const inputs = await declared({}, { ...(visibility ? { visibility } : {}), ...(repository ? { repository } : {}) });
    expect((await host.read({ ...inputs })).inputs).toEqual({ kind: "package-access", ...inputs, [property]: found });
  });
  it.each([
    [{ visibility: "public" as const }, "tools/settings → Danger Zone → Change visibility → public"],
    [{ repository: "acme/tools" }, "package/tools → Connect repository → acme/tools"],
  ])("names page and switch: %j", async (declaration, where) => {
    const inputs = await declared({}, declaration);
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    const address = `${world.sandbox.addresses.web}/orgs/${inputs.organization}/packages/container/`;
    expect([code, parts.fix]).toEqual(["PACKAGE_DIFFERS", `${address}${where}`]);
  });
  it("is done once a person has set it", async () => {
    const inputs = await declared({}, { visibility: "public" });
    await releaseErrorOf(host.create(inputs));
    await world.sandbox.github.packages.set(`${inputs.organization}/tools`, { visibility: "public" });
    expect((await host.create(inputs)).outs).toMatchObject(inputs);
  });
});

describe("packageAccessProvider, when there is no such package", () => {
  it("is gone from the state", async () => {
    const inputs = await declared({});
    expect(await host.read({ ...inputs, name: "nothing" })).toEqual({});
  });
  it("says so, and how to go on", async () => {
    const inputs = await declared({});
    const { code, parts } = await releaseErrorOf(host.create({ ...inputs, name: "nothing" }));
    expect([code, parts.reason, parts.fix]).toEqual([
      "PACKAGE_DIFFERS",
      "nothing: existence is none, declared a package",
      "nothing: push it, or remove it from the configuration",
    ]);
  });
});

const member: Token = { kind: "classic", login: "kim", scopes: ["read:packages", "read:org"], roles: {} };

describe("packageAccessProvider, when the list does not show the package to a login that is not an owner", () => {
  /** Acts as a classic token whose person has a role in the organization. */
  async function hiddenFrom(token: Token, role: "read" | "none"): Promise<PackageAccessInputs> {
    const inputs = await declared({});
    actingAs(world, { ...token, roles: { [inputs.organization]: role } } as Token);
    return inputs;
  }
  const shows = (organization: string): string =>
    `GitHub shows kim (member of ${organization}, not an owner) only packages that it may read`;

  it("is neither gone nor as declared: a preview shows that it cannot be known, and why", async () => {
    const inputs = await hiddenFrom(member, "read");
    const { organization } = inputs;
    const read = await host.read({ ...inputs });
    expect(read).toMatchObject({ id: "id", inputs: { visibility: `cannot be known: ${shows(organization)}` } });
  });
  it("shows it as well where nothing but its existence is declared", async () => {
    const { visibility: _, ...inputs } = await hiddenFrom(member, "read");
    expect((await host.read({ ...inputs })).inputs).toMatchObject({
      visibility: `cannot be known: ${shows(inputs.organization)}`,
    });
  });
  it("is an error of `up`, with the token that would be told", async () => {
    const inputs = await hiddenFrom(member, "read");
    const { organization } = inputs;
    expect((await releaseErrorOf(host.create(inputs))).parts).toMatchObject({
      code: "NOT_FOUND",
      step: `comparing the package ${organization}/tools with what is declared`,
      reason: `tools: cannot be known: ${shows(organization)}`,
      fix: `Set GITHUB_TOKEN to a classic token with \`read:packages\` and \`read:org\` of an owner of ${organization}.`,
    });
  });
  it.each<[what: string, scopes: string[], role: "read" | "none", words: string]>([
    ["is no member", ["read:packages", "read:org"], "none", "Not Found"],
    [
      "may not ask what it is",
      ["read:packages"],
      "read",
      "You need at least read:org scope or user scope to get your organization membership; needs the scope read:org or user, the token has read:packages",
    ],
  ])("says so where the login %s", async (_, scopes, role, words) => {
    const inputs = await hiddenFrom({ kind: "classic", login: "kim", scopes }, role);
    expect((await releaseErrorOf(host.create(inputs))).parts.reason).toBe(
      `tools: cannot be known: GitHub shows a login that is not an owner of ${inputs.organization} only packages that it may read, and did not reveal this login's role (${words})`,
    );
  });
  it("is as declared as soon as the login is given access", async () => {
    const inputs = await hiddenFrom(member, "read");
    await releaseErrorOf(host.create(inputs));
    await world.sandbox.github.packages.set(`${inputs.organization}/tools`, { people: { kim: "read" } });
    expect((await host.create(inputs)).outs).toMatchObject(inputs);
  });
  it("asks for the role once for all that are missing at the same time, and never where none is", async () => {
    const inputs = await hiddenFrom(member, "read");
    const { organization } = inputs;
    await world.sandbox.github.packages.seed([{ name: `${organization}/open`, visibility: "public" }]);
    const mark = world.sandbox.journal.mark();
    const roles = (): number =>
      world.sandbox.journal.since(mark, { door: "github", path: /\/user\/memberships\// }).length;
    await host.read({ ...inputs, name: "open" });
    const before = roles();
    await Promise.all(["tools", "one", "two"].map((name) => host.read({ ...inputs, name })));
    expect([before, roles()]).toEqual([0, 1]);
  });
  it("is a failure, not an answer, where GitHub limits the rate", async () => {
    const inputs = await hiddenFrom(member, "read");
    const act = { status: 403, body: { message: "You have exceeded a secondary rate limit." } };
    const fault = { door: "github", method: "GET", path: /memberships/, when: "before", times: Infinity } as const;
    world.sandbox.faults.add({ ...fault, act });
    expect((await releaseErrorOf(host.read({ ...inputs }))).code).toBe("RATE_LIMITED");
  });
});

describe("packageAccessProvider, when the list of packages is refused", () => {
  const workflow = (organization: string): Token => ({
    kind: "actions",
    repository: `${organization}/tools`,
    permissions: { packages: "read" },
  });

  it("looks at the package itself, which a workflow's token may read where it has access", async () => {
    const inputs = await declared({});
    await world.sandbox.github.packages.set(`${inputs.organization}/tools`, {
      actions: { [`${inputs.organization}/tools`]: "read" },
    });
    actingAs(world, workflow(inputs.organization));
    const { outs } = await host.create(inputs);
    expect((await host.read(outs)).inputs).toEqual(outs);
    expect((await releaseErrorOf(host.create({ ...inputs, visibility: "public" }))).code).toBe("PACKAGE_DIFFERS");
  });
  it("cannot know of one that GitHub does not show", async () => {
    const inputs = await declared({});
    actingAs(world, workflow(inputs.organization));
    const why =
      "GitHub gives the same answer for a package that does not exist and for one that this token may not read";
    expect((await host.read({ ...inputs })).inputs).toMatchObject({ visibility: `cannot be known: ${why}` });
    expect((await releaseErrorOf(host.create(inputs))).parts).toMatchObject({
      code: "NOT_FOUND",
      reason: `tools: cannot be known: ${why}`,
    });
  });
  it("has the server's words and what lacks where the package is refused too", async () => {
    const inputs = await declared({});
    actingAs(world, { kind: "classic", login: "kim", scopes: ["repo"] });
    expect((await host.read({ ...inputs })).inputs).toMatchObject({
      visibility:
        "cannot be known: You need at least read:packages scope to get a package; needs the scope read:packages, the token has repo",
    });
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, parts.reason.split("\n").at(-1), parts.fix]).toEqual([
      "DENIED",
      "tools: cannot be known with this token",
      "Set GITHUB_TOKEN to a classic token with the scope `read:packages` (this one has repo).",
    ]);
  });
});

describe("packageAccessProvider, when its resource is deleted", () => {
  it("leaves the package alone", async () => {
    const inputs = await declared({});
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.delete(outs);
    expect(world.sandbox.journal.since(mark, { door: "github" })).toEqual([]);
  });
});

describe("packageAccessProvider, when it looks twice", () => {
  it("is answered 304", async () => {
    const inputs = await declared({});
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    await host.read(outs);
    expect(listings(world, mark, inputs.organization)).toEqual([200, 304]);
  });
  it.each([400, 401, 404, 500])("keeps the state where GitHub says %i", async (status) => {
    const inputs = await declared({});
    const { outs } = await host.create(inputs);
    const act = { status, body: { message: "no" } };
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /packages/,
      when: "before",
      times: Infinity,
      act,
    });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toBe(
      `checking: comparing the package ${inputs.organization}/tools with what is declared`,
    );
  });
});
