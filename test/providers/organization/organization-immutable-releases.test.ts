import { beforeAll, describe, expect, it } from "vitest";
import type { OrganizationImmutableReleasesInputs } from "../../../providers/organization/organization-immutable-releases.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { actingAs } from "../acting-as.ts";
import { declaredOrganization } from "./declared-organization.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("organization-immutable-releases");
const ofRepository = engineHost("immutable-releases");
let api: ReturnType<typeof githubClient>;
beforeAll(() => {
  api = githubClient(world.sandbox);
});

type Inputs = OrganizationImmutableReleasesInputs;

/** An organization that no other test has, with the repositories `widgets`, `gadgets` and `Tools`. */
async function declared(changes: Partial<Inputs> = {}): Promise<Inputs> {
  return {
    organization: await declaredOrganization(world, ["widgets", "gadgets", "Tools"]),
    enforced: "selected",
    repositories: ["widgets", "gadgets"],
    ...changes,
  };
}

const settingOf = ({ organization }: Inputs) =>
  world.sandbox.github.settings.organization(organization).immutableReleases;
const idsOf = ({ organization }: Inputs, names: readonly string[]): Promise<number[]> =>
  Promise.all(names.map(async (name) => Number((await api.get(`/repos/${organization}/${name}`)).body["id"])));
const calls = (mark: number): string[] =>
  world.sandbox.journal
    .since(mark, { door: "github" })
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/orgs\/[^/]+/, "").replace(/\?.*$/, "")}`);
const writes = (mark: number): string[] =>
  world.sandbox.journal.writes(mark, { door: "github" }).map(({ method, status }) => `${method} ${status}`);
const setting = "/settings/immutable-releases";

describe("organizationImmutableReleasesProvider, when some repositories are declared", () => {
  it("sets them by their ids, the whole in one request", async () => {
    const inputs = await declared();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    const made = calls(mark);
    expect([settingOf(inputs), made]).toEqual([
      { enforced: "selected", selectedRepositories: await idsOf(inputs, ["widgets", "gadgets"]) },
      [`GET ${setting}`, "GET /repos", `PUT ${setting}`],
    ]);
  });
  it("has the organization as id, and its inputs as state", async () => {
    const inputs = await declared();
    expect(await host.create(inputs)).toEqual({
      id: inputs.organization,
      outs: { kind: "organization-immutable-releases", ...inputs },
    });
  });
  it.each([
    ["no further than it has to", ["gadgets"], 1],
    ["to the end", ["gadgets", "widgets"], 2],
  ])("lists the organization's repositories a hundred at a time, %s", async (_, repositories, pages) => {
    const inputs = await declared({ repositories });
    const { addresses, faults, journal } = world.sandbox;
    const next = `<${addresses.api}/orgs/${inputs.organization}/repos?sort=full_name&per_page=100&page=2>; rel="next"`;
    const [gadgets, widgets] = await idsOf(inputs, ["gadgets", "widgets"]);
    const listed = (path: RegExp, body: object, headers: Record<string, string>): void =>
      void faults.add({ door: "github", method: "GET", path, when: "before", act: { status: 200, body, headers } });
    listed(/\/repos\?.*per_page=100$/, [{ name: "gadgets", id: gadgets }], { link: next });
    listed(/\/repos\?.*per_page=100&page=2$/, [{ name: "widgets", id: widgets }], {});
    const mark = journal.mark();
    await host.create(inputs);
    expect([
      calls(mark).filter((call) => call === "GET /repos").length,
      settingOf(inputs).selectedRepositories,
    ]).toEqual([pages, await idsOf(inputs, repositories)]);
  });
  it("asks for no names that are selected already", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.update(outs, { ...inputs, repositories: ["gadgets"] });
    const made = calls(mark);
    expect([settingOf(inputs).selectedRepositories, made]).toEqual([
      await idsOf(inputs, ["gadgets"]),
      [`GET ${setting}`, `GET ${setting}/repositories`, `PUT ${setting}`],
    ]);
  });
  it("is made of all or none by the same resource, and of no other organization's", async () => {
    const inputs = await declared();
    expect([
      await host.diff(inputs, { ...inputs, organization: "other" }),
      await host.diff(inputs, { ...inputs, enforced: "all", repositories: [] }),
    ]).toEqual([{ replaces: ["organization"] }, {}]);
  });
  it("takes names with `selected` only", async () => {
    const inputs = await declared();
    expect([
      (await host.check({ ...inputs, enforced: "all" })).failures,
      (await host.check({ ...inputs, enforced: "none", repositories: [] })).failures,
    ]).toEqual([[{ property: "repositories", reason: "may only be listed with `selected`" }], []]);
  });
  it.each([
    ["gadget", /has no repository gadget, or/],
    ["acme/widgets", /has no repository acme\/widgets, or/],
  ])("sets nothing where the organization has no %s", async (name, reason) => {
    const inputs = await declared({ repositories: ["widgets", name] });
    const mark = world.sandbox.journal.mark();
    const { parts } = await releaseErrorOf(host.create(inputs));
    expect(parts).toMatchObject({
      code: "NOT_FOUND",
      step: `making new Releases of 2 of the repositories of ${inputs.organization} immutable`,
      reason: expect.stringMatching(reason),
      fix: expect.stringContaining("`immutableReleases`"),
    });
    expect([settingOf(inputs).enforced, writes(mark)]).toEqual(["none", []]);
  });
});

describe("organizationImmutableReleasesProvider, when all or none are declared", () => {
  it.each(["all", "none"] as const)("says so, and sends no ids: %s", async (enforced) => {
    const inputs = await declared({ enforced, repositories: [] });
    settingOf(inputs).enforced = enforced === "all" ? "none" : "all";
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect([settingOf(inputs).enforced, calls(mark)]).toEqual([enforced, [`GET ${setting}`, `PUT ${setting}`]]);
  });
});

describe("organizationImmutableReleasesProvider, when it is as declared already", () => {
  it.each<[string, Partial<Inputs>]>([
    ["in another order", { repositories: ["gadgets", "widgets"] }],
    ["in other letters", { repositories: ["WIDGETS", "Gadgets"] }],
  ])("writes nothing, and shows no difference: %s", async (_, changes) => {
    const inputs = await declared();
    await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create({ ...inputs, ...changes });
    expect([writes(mark), (await host.read(outs)).inputs]).toEqual([[], outs]);
  });
  it("writes nothing in the next run", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
    await host.update(outs, inputs);
    expect(writes(mark)).toEqual([]);
  });
  it("takes a repository's own switch for granted", async () => {
    const inputs = await declared({ enforced: "all", repositories: [] });
    await host.create(inputs);
    const repository = `${inputs.organization}/widgets`;
    const mark = world.sandbox.journal.mark();
    const { outs } = await ofRepository.create({ repository, enabled: true, ownerAsks: true });
    expect([writes(mark), outs["enforcedByOwner"]]).toEqual([[], true]);
  });
});

describe("organizationImmutableReleasesProvider, when someone changed it", () => {
  const select = async (inputs: Inputs, names: string[]): Promise<void> => {
    settingOf(inputs).selectedRepositories = await idsOf(inputs, names);
  };
  it.each<[string, (inputs: Inputs) => unknown, Partial<Inputs>]>([
    ["one is missing", (inputs) => select(inputs, ["gadgets"]), { repositories: ["gadgets"] }],
    [
      "others were added",
      (inputs) => select(inputs, ["Tools", "gadgets", "widgets"]),
      { repositories: ["widgets", "gadgets", "Tools"] },
    ],
    ["all are", (inputs) => (settingOf(inputs).enforced = "all"), { enforced: "all", repositories: [] }],
    ["none is", (inputs) => (settingOf(inputs).enforced = "none"), { enforced: "none", repositories: [] }],
  ])("shows it by names, and sets it back: %s", async (_, change, shown) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await change(inputs);
    const mark = world.sandbox.journal.mark();
    expect((await host.read(outs)).inputs).toEqual({ ...outs, ...shown });
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
    await host.update(outs, inputs);
    expect((await host.read(outs)).props).toEqual(outs);
  });
  it("shows whom somebody selected where none is declared", async () => {
    const inputs = await declared({ enforced: "none", repositories: [] });
    const { outs } = await host.create(inputs);
    await host.create({ ...inputs, enforced: "selected", repositories: ["Tools", "gadgets"] });
    expect((await host.read(outs)).inputs).toMatchObject({ enforced: "selected", repositories: ["Tools", "gadgets"] });
  });
});

describe("organizationImmutableReleasesProvider, when the organization no longer asks for it", () => {
  it("the repository's own is switched on by the same run, because the change is one of its inputs", async () => {
    const inputs = await declared({ enforced: "all", repositories: [] });
    const repository = `${inputs.organization}/widgets`;
    const asked = { repository, enabled: true, ownerAsks: true };
    await host.create(inputs);
    const { outs } = await ofRepository.create(asked);
    const lifted = { ...asked, ownerAsks: false };
    expect((await ofRepository.read(outs)).inputs).toEqual({ kind: "immutable-releases", ...asked });
    await host.update(inputs, { ...inputs, enforced: "none" });
    expect(await ofRepository.diff(asked, lifted)).toEqual({});
    await ofRepository.update(outs, lifted);
    expect(world.sandbox.github.settings.repository(repository).immutableReleases).toBe(true);
  });
});

describe("organizationImmutableReleasesProvider, when its resource is deleted", () => {
  it("takes no protection away", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await host.delete(outs);
    expect(settingOf(inputs).enforced).toBe("selected");
  });
});

describe("organizationImmutableReleasesProvider, when the organization is gone", () => {
  const gone = { organization: "nobody", enforced: "all", repositories: [] };
  it("is gone with it", async () => {
    expect(await host.read(gone)).toEqual({});
  });
  it("is an error as long as it is declared", async () => {
    expect((await releaseErrorOf(host.create(gone))).code).toBe("NOT_FOUND");
  });
});

describe("organizationImmutableReleasesProvider, when two write at once", () => {
  it("ends as both declare it", async () => {
    const inputs = await declared();
    const [one, other] = await Promise.all([host.create(inputs), host.create(inputs)]);
    expect([one, (await host.read(other.outs)).props]).toEqual([other, one.outs]);
  });
});

describe("organizationImmutableReleasesProvider, when another writes between two looks", () => {
  it("sees what that one set", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /immutable-releases\/repositories/,
      when: "before",
      act: () => void (settingOf(inputs).enforced = "all"),
    });
    expect((await host.read(outs)).inputs).toMatchObject({ enforced: "all", repositories: [] });
  });
});

describe("organizationImmutableReleasesProvider, when GitHub fails", () => {
  it.each([
    ["PUT", "before", "reset"],
    ["PUT", "after", "reset"],
    ["PUT", "after", { status: 502 }],
    ["GET", "before", { status: 503 }],
  ] as const)("sets it all the same (%s, %s the effect, %j)", async (method, when, act) => {
    const inputs = await declared();
    world.sandbox.faults.add({ door: "github", method, path: /immutable-releases/, when, act });
    await host.create(inputs);
    expect(settingOf(inputs).selectedRepositories).toEqual(await idsOf(inputs, ["widgets", "gadgets"]));
  });
  it.each([401, 403, 404, 500])("keeps the state where it says %i", async (status) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const path = /immutable-releases/;
    world.sandbox.faults.add({ door: "github", method: "GET", path, when: "before", times: Infinity, act: { status } });
    expect((await releaseErrorOf(host.read(outs))).parts.step).toMatch(/^checking: making new Releases of 2 of the/);
  });
  it.each<[string, Token, code: string, reason: RegExp, fix: RegExp]>([
    [
      "a workflow's token",
      { kind: "actions", repository: "acme/widgets", permissions: { contents: "write" } },
      "DENIED",
      /needs organization_administration=read;/,
      /`organization_administration: read`.*can never have it/,
    ],
    [
      "an App's token that may look and no more",
      { kind: "app", login: "robot[bot]", permissions: { organization_administration: "read" } },
      "DENIED",
      /needs organization_administration=write;/,
      /`organization_administration: write`/,
    ],
    [
      "a classic token without the scope",
      { kind: "classic", login: "ada", scopes: ["repo"] },
      "NOT_FOUND",
      /needs the scope admin:org, the token has repo;/,
      /scope `admin:org` \(this one has repo\)/,
    ],
  ])("names what lacks: %s", async (_, token, code, reason, fix) => {
    const inputs = await declared({ enforced: "all", repositories: [] });
    actingAs(world, token);
    const { parts } = await releaseErrorOf(host.create(inputs));
    expect([parts, settingOf(inputs).enforced]).toMatchObject([
      { code, reason: expect.stringMatching(reason), fix: expect.stringMatching(fix) },
      "none",
    ]);
  });
  it("asks for nothing more than the organization's permission", async () => {
    const inputs = await declared();
    actingAs(world, { kind: "app", login: "robot[bot]", permissions: { organization_administration: "write" } });
    const { outs } = await host.create(inputs);
    expect((await host.read(outs)).props).toEqual(outs);
  });
});

describe("organizationImmutableReleasesProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
