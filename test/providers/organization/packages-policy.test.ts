import { describe, expect, it } from "vitest";
import type { PackagesPolicyInputs } from "../../../providers/organization/packages-policy.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import { listedOrganization, listings } from "./listed-organization.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("packages-policy");
const access = engineHost("package-access");

const declared = (organization: string, changes: Partial<PackagesPolicyInputs> = {}): PackagesPolicyInputs => ({
  organization,
  rules: [{ match: "*", visibility: "public" }],
  exceptions: [],
  verdict: "as declared",
  ...changes,
});
const page = (organization: string, name: string): string =>
  `${world.sandbox.addresses.web}/orgs/${organization}/packages/container/${encodeURIComponent(name)}/settings`;
const arm = (act: { status: number; body?: object }, times = Infinity): void =>
  void world.sandbox.faults.add({ door: "github", method: "GET", path: /packages/, when: "before", times, act });

describe("packagesPolicyProvider, when all packages are as declared", () => {
  it("counts them, and has the organization as id", async () => {
    const organization = await listedOrganization(world, {
      app: { visibility: "public" },
      tool: { visibility: "public" },
    });
    expect(await host.create(declared(organization))).toEqual({
      id: organization,
      outs: { kind: "packages-policy", ...declared(organization), total: 2, declared: 2 },
    });
  });
  it("reads the same", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    const { outs } = await host.create(declared(organization));
    expect(await host.read(outs)).toEqual({
      id: "id",
      props: outs,
      inputs: { kind: "packages-policy", ...declared(organization) },
    });
  });
  it("is as well in an organization without packages", async () => {
    const organization = await listedOrganization(world, { gone: {} });
    const rules: PackagesPolicyInputs["rules"] = [];
    expect((await host.create(declared(organization, { rules }))).outs).toMatchObject({ total: 1, declared: 0 });
  });
  it("counts what no rule and no exception speaks of as undeclared", async () => {
    const organization = await listedOrganization(world, { app: {}, "charts/app": {}, special: {} });
    const rules = [{ match: "charts/*", visibility: "private" as const }];
    expect((await host.create(declared(organization, { rules, exceptions: ["special"] }))).outs).toMatchObject({
      total: 3,
      declared: 2,
    });
  });
  it("is another resource for another organization alone", async () => {
    const inputs = declared("one");
    expect([
      await host.diff(inputs, { ...inputs, organization: "other" }),
      await host.diff(inputs, { ...inputs, rules: [] }),
    ]).toEqual([{ replaces: ["organization"] }, {}]);
  });
});

describe("packagesPolicyProvider, when rules are compared with packages", () => {
  it.each<[string, PackagesPolicyInputs["rules"], string]>([
    [
      "the first that fits",
      [
        { match: "*-test", visibility: "private" },
        { match: "*", visibility: "public" },
      ],
      "app: visibility is private, declared public",
    ],
    [
      "no slash for a star",
      [
        { match: "charts/*", visibility: "public" },
        { match: "*", visibility: "private" },
      ],
      "charts/app: visibility is private, declared public",
    ],
    [
      "the linked repository",
      [{ match: "app", repository: "acme/widgets" }],
      "app: repository is none, declared acme/widgets",
    ],
    [
      "both properties",
      [{ match: "app", visibility: "internal", repository: "acme/widgets" }],
      "app: visibility is private, declared internal; app: repository is none, declared acme/widgets",
    ],
  ])("holds %s", async (_, rules, verdict) => {
    const organization = await listedOrganization(world, { app: {}, "app-test": {}, "charts/app": {} });
    expect((await host.read(declared(organization, { rules }))).inputs?.["verdict"]).toBe(verdict);
  });
  it("leaves exceptions to their own resource", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" }, tools: {} });
    expect((await host.read(declared(organization, { exceptions: ["tools"] }))).inputs?.["verdict"]).toBe(
      "as declared",
    );
  });
  it("takes a repository's name in any case", async () => {
    await world.sandbox.github.createRepository("acme/gadgets");
    const organization = await listedOrganization(world, { app: { repository: "acme/gadgets" } });
    const rules = [{ match: "*", repository: "Acme/Gadgets" }];
    expect((await host.create(declared(organization, { rules }))).outs).toMatchObject({ declared: 1 });
  });
});

describe("packagesPolicyProvider, when a package differs", () => {
  it("names package, page and switch, and writes nothing", async () => {
    const organization = await listedOrganization(world, { "charts/app": {} });
    const rules = [{ match: "**", visibility: "public" as const, repository: "acme/charts" }];
    const mark = world.sandbox.journal.mark();
    const { code, parts } = await releaseErrorOf(host.create(declared(organization, { rules })));
    expect([code, parts.reason.split("\n"), parts.fix.split("\n")]).toEqual([
      "PACKAGE_DIFFERS",
      ["charts/app: visibility is private, declared public", "charts/app: repository is none, declared acme/charts"],
      [
        `${page(organization, "charts/app")} → Danger Zone → Change visibility → public`,
        `${world.sandbox.addresses.web}/orgs/${organization}/packages/container/package/charts%2Fapp → Connect repository → acme/charts`,
      ],
    ]);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
  it("names twenty and counts the others", async () => {
    const names = Array.from({ length: 23 }, (_, at) => [`app-${at}`, {}]);
    const organization = await listedOrganization(world, Object.fromEntries(names) as Record<string, object>);
    const lines = (await releaseErrorOf(host.create(declared(organization)))).parts.reason.split("\n");
    expect([lines.length, lines.at(-1)]).toEqual([21, "and 3 more: `npm run packages` lists all"]);
  });
  it("is as declared once a person has set it", async () => {
    const organization = await listedOrganization(world, { app: {} });
    await releaseErrorOf(host.create(declared(organization)));
    await world.sandbox.github.packages.set(`${organization}/app`, { visibility: "public" });
    expect((await host.create(declared(organization))).outs).toMatchObject({ declared: 1 });
  });
});

describe("packagesPolicyProvider, when the login is not an owner and may see only a part of the list", () => {
  const member = (organization: string, scopes = ["read:packages", "read:org"]): Token => ({
    kind: "classic",
    login: "kim",
    scopes,
    roles: { [organization]: "read" },
  });
  const shows = (organization: string): string =>
    `GitHub shows kim (member of ${organization}, not an owner) only packages that it may read`;
  const roles = (mark: number): number =>
    world.sandbox.journal.since(mark, { door: "github", path: /\/user\/memberships\// }).length;

  it("does not call the list as declared when a package that differs is on it no more", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" }, hidden: {} });
    const shown = "hidden: visibility is private, declared public";
    expect((await host.read(declared(organization))).inputs?.["verdict"]).toBe(shown);
    actingAs(world, member(organization));
    const { inputs, props } = await host.read(declared(organization));
    expect([inputs?.["verdict"], props?.["total"]]).toEqual([`cannot be known: ${shows(organization)}`, 1]);
  });
  it("is an error of `up`, with the token that is shown all", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" }, hidden: {} });
    actingAs(world, member(organization));
    expect((await releaseErrorOf(host.create(declared(organization)))).parts).toMatchObject({
      code: "NOT_FOUND",
      step: `comparing the packages of ${organization} with what is declared`,
      reason: `every other package: cannot be known: ${shows(organization)}`,
      fix: `Set GITHUB_TOKEN to a classic token with \`read:packages\` and \`read:org\` of an owner of ${organization}.`,
      rerun: "yes, it only reads",
    });
  });
  it("cannot be known either where GitHub does not say what the login is", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    actingAs(world, member(organization, ["read:packages"]));
    expect((await host.read(declared(organization))).inputs?.["verdict"]).toContain("did not reveal this login's role");
  });
  it("tells first what differs on the part that is shown", async () => {
    const organization = await listedOrganization(world, { app: { people: { kim: "read" } }, hidden: {} });
    actingAs(world, member(organization));
    expect((await host.read(declared(organization))).inputs?.["verdict"]).toBe(
      "app: visibility is private, declared public",
    );
    expect((await releaseErrorOf(host.create(declared(organization)))).parts).toMatchObject({
      code: "PACKAGE_DIFFERS",
      reason: "app: visibility is private, declared public",
    });
  });
  it("asks for the role once, together with all exceptions that are missing, and never without a rule", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    actingAs(world, member(organization));
    const mark = world.sandbox.journal.mark();
    await host.read(declared(organization, { rules: [] }));
    const before = roles(mark);
    await Promise.all([
      host.read(declared(organization)),
      ...["one", "two"].map((name) => access.read({ organization, name, visibility: "public" })),
    ]);
    expect([before, roles(mark)]).toEqual([0, 1]);
  });
});

describe("packagesPolicyProvider, when its resource is deleted", () => {
  it("asks and does nothing", async () => {
    const organization = await listedOrganization(world, { app: {} });
    const mark = world.sandbox.journal.mark();
    await host.delete(declared(organization));
    expect(world.sandbox.journal.since(mark, { door: "github" })).toEqual([]);
  });
});

describe("packagesPolicyProvider, when the list is read", () => {
  it("is one for the policy and twenty exceptions at once", async () => {
    const names = Array.from({ length: 20 }, (_, at) => `app-${at}`);
    const packages = Object.fromEntries(names.map((name) => [name, { visibility: "public" as const }]));
    const organization = await listedOrganization(world, packages);
    const mark = world.sandbox.journal.mark();
    await Promise.all([
      host.create(declared(organization, { exceptions: names })),
      ...names.map((name) => access.create({ organization, name, visibility: "public" })),
    ]);
    expect(listings(world, mark, organization)).toEqual([200]);
  });
  it("is asked for by its ETag the second time", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(declared(organization));
    await host.read(outs);
    expect(listings(world, mark, organization)).toEqual([200, 304]);
  });
  it("shows what changed between two looks", async () => {
    const organization = await listedOrganization(world, { app: {} });
    const inputs = declared(organization, { rules: [{ match: "*", visibility: "private" }] });
    const { outs } = await host.create(inputs);
    await world.sandbox.github.packages.set(`${organization}/app`, { visibility: "public" });
    expect((await host.read(outs)).inputs?.["verdict"]).toBe("app: visibility is public, declared private");
  });
  it("has a page for each hundred, and each by its own ETag", async () => {
    const names = Array.from({ length: 201 }, (_, at) => [`app-${at}`, { visibility: "public" as const }]);
    const organization = await listedOrganization(world, Object.fromEntries(names) as Record<string, object>);
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(declared(organization));
    await host.read(outs);
    expect([outs["total"], listings(world, mark, organization)]).toEqual([201, [200, 200, 200, 304, 304, 304]]);
  });
  it("asks again after a failure that passed", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    arm({ status: 502 }, 2);
    expect((await host.create(declared(organization))).outs).toMatchObject({ total: 1 });
  });
});

describe("packagesPolicyProvider, when the list cannot be read", () => {
  it.each([
    [401, "Bad credentials", "CREDENTIALS_REFUSED"],
    [403, "You have exceeded a secondary rate limit.", "RATE_LIMITED"],
    [404, "Not Found", "NOT_FOUND"],
    [500, "Server Error", "SERVER_FAULT"],
  ])("keeps the state where GitHub says %i %s", async (status, message, code) => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    const { outs } = await host.create(declared(organization));
    arm({ status, body: { message } });
    expect((await releaseErrorOf(host.read(outs))).parts).toMatchObject({
      code,
      step: `checking: comparing the packages of ${organization} with what is declared`,
    });
  });
  it.each([
    [400, "Invalid argument."],
    [403, "You need at least read:packages scope to list packages."],
    [403, "Resource not accessible by personal access token"],
  ])("shows in a preview that nothing can be known, and why, where GitHub says %i %s", async (status, message) => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    const { outs } = await host.create(declared(organization));
    arm({ status, body: { message } });
    expect(await host.read(outs)).toMatchObject({
      props: { total: 1, declared: 1 },
      inputs: { verdict: `cannot be known: ${message}` },
    });
  });
  it("is an error of `up` in GitHub's words, with every rule that could not be held and the token that can list", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    const rules: PackagesPolicyInputs["rules"] = [{ match: "*-test" }, { match: "charts/*" }];
    const token = { kind: "actions", repository: `${organization}/app`, permissions: { packages: "write" } } as const;
    actingAs(world, token);
    const { parts } = await releaseErrorOf(host.create(declared(organization, { rules, exceptions: ["tools"] })));
    expect(parts).toMatchObject({
      code: "DENIED",
      fix: "Set GITHUB_TOKEN to a classic token with the scope `read:packages` for this command.",
      rerun: "yes, it only reads",
    });
    expect(parts.reason.split("\n")).toEqual([
      expect.stringMatching(/^Invalid argument\. \(status 400 to GET .*\/packages\)$/),
      "*-test: cannot be known with this token",
      "charts/*: cannot be known with this token",
    ]);
  });
  it("is not remembered: the next look asks anew", async () => {
    const organization = await listedOrganization(world, { app: { visibility: "public" } });
    arm({ status: 403, body: { message: "no" } }, 1);
    await releaseErrorOf(host.create(declared(organization)));
    expect((await host.create(declared(organization))).outs).toMatchObject({ total: 1 });
  });
});

describe("packagesPolicyProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
