import { beforeAll, describe, expect, it } from "vitest";
import type { OrganizationRulesetInputs } from "../../../providers/organization/organization-ruleset.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { declaredOrganization, declaredRuleset } from "./declared-organization.ts";
import { engineHost } from "../host/engine-host.ts";

// What holds of rulesets in an organization alone; ruleset-contract.test.ts has what holds of a repository's as well.
const world = connectedSandbox();
const host = engineHost("organization-ruleset");
let api: ReturnType<typeof githubClient>;
beforeAll(() => {
  api = githubClient(world.sandbox);
});

const declared = (changes: Partial<OrganizationRulesetInputs> = {}): Promise<OrganizationRulesetInputs> =>
  declaredRuleset(world, changes);
const rulesetsOf = ({ organization }: OrganizationRulesetInputs) =>
  world.sandbox.github.settings.organization(organization).rulesets;
const addressOf = (inputs: OrganizationRulesetInputs): string =>
  `/orgs/${inputs.organization}/rulesets/${rulesetsOf(inputs)[0]?.id ?? 0}`;
const writes = (mark: number): string[] =>
  world.sandbox.journal.writes(mark, { door: "github" }).map(({ method, status }) => `${method} ${status}`);
const arm = (method: string, act: FaultAct, times = 1, path = /\/orgs\/[^/]+\/rulesets/): void =>
  void world.sandbox.faults.add({ door: "github", method, path, when: "before", times, act });

describe("organizationRulesetProvider, when there is no ruleset of the name", () => {
  it("is made as declared", async () => {
    const inputs = await declared();
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([
      {
        name: "immutable tags",
        target: "tag",
        enforcement: "active",
        conditions: {
          ref_name: { include: inputs.refs, exclude: [] },
          repository_name: { include: ["widgets", "service-*"], exclude: [], protected: false },
        },
        bypassActors: [
          { actor_id: null, actor_type: "OrganizationAdmin", bypass_mode: "always" },
          { actor_id: 7, actor_type: "Team", bypass_mode: "always" },
        ],
        rules: inputs.rules,
      },
    ]);
  });
  it("is written once, and no repository is", async () => {
    const inputs = await declared();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    const paths = world.sandbox.journal.writes(mark, { door: "github" }).map(({ path }) => path);
    expect([writes(mark), paths]).toEqual([
      ["POST 201"],
      [expect.stringMatching(`/orgs/${inputs.organization}/rulesets$`)],
    ]);
  });
  it("holds for the repositories that the patterns mean, and for no other", async () => {
    const organization = await declaredOrganization(world, ["widgets", "other"]);
    await host.create(await declared({ organization, repositories: ["widg*"] }));
    const about = async (repository: string) =>
      ((await api.get(`/repos/${organization}/${repository}/rulesets`)).body as unknown as unknown[]).length;
    expect([await about("widgets"), await about("other")]).toEqual([1, 0]);
  });
});

describe("organizationRulesetProvider, when there is one of the name", () => {
  it("does not take a repository's for its own", async () => {
    const inputs = await declared();
    const path = `/repos/${inputs.organization}/widgets/rulesets`;
    const { status } = await api.post(path, { name: inputs.name, target: "tag", enforcement: "disabled", rules: [] });
    await host.create(inputs);
    const own = world.sandbox.github.settings.repository(`${inputs.organization}/widgets`).rulesets;
    expect([status, rulesetsOf(inputs).length, own]).toMatchObject([201, 1, [{ enforcement: "disabled" }]]);
  });
  it("does not take the enterprise's for its own", async () => {
    const inputs = await declared();
    const ofEnterprise = { id: 1, name: inputs.name, source_type: "Enterprise", source: "acme", enforcement: "active" };
    arm("GET", { status: 200, body: [ofEnterprise] });
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toHaveLength(1);
  });
});

describe("organizationRulesetProvider, when someone changed it", () => {
  const { stringify } = JSON;
  const refs = { include: ["refs/tags/v*", "refs/tags/charts/*"], exclude: [] };
  const names = { include: ["widgets", "service-*"], exclude: [] };
  it.each<[keyof OrganizationRulesetInputs, object, unknown]>([
    [
      "refs",
      { conditions: { ref_name: { ...refs, exclude: ["refs/tags/v0*"] }, repository_name: names } },
      ["refs/tags/v*", "refs/tags/charts/*", "except refs/tags/v0*"],
    ],
    [
      "repositories",
      { conditions: { ref_name: refs, repository_name: { ...names, include: ["service-*"] } } },
      ["service-*"],
    ],
    [
      "repositories",
      { conditions: { ref_name: refs, repository_name: { ...names, include: ["~ALL", "service-*", "widgets"] } } },
      ["widgets", "service-*", "~ALL"],
    ],
    [
      "repositories",
      { conditions: { ref_name: refs, repository_name: { ...names, exclude: ["service-a"] } } },
      ["widgets", "service-*", "except service-a"],
    ],
    [
      "repositories",
      { conditions: { ref_name: refs, repository_name: { ...names, protected: true } } },
      ["widgets", "service-*", "not to be renamed"],
    ],
    [
      "repositories",
      { conditions: { ref_name: refs, repository_id: { repository_ids: [12, 34] } } },
      ["with the id 12", "with the id 34"],
    ],
    [
      "repositories",
      {
        conditions: {
          ref_name: refs,
          repository_property: {
            include: [{ name: "team", property_values: ["a", "b"] }],
            exclude: [{ name: "kind", property_values: ["test"], source: "custom" }],
          },
        },
      },
      ["with the property team = a or b", "except with the property kind = test"],
    ],
  ])("shows %s alone, and fixes it: %j", async (property, change, shown) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    expect((await api.put(addressOf(inputs), change)).status).toBe(200);
    const found: Record<string, unknown> = (await host.read(outs)).inputs ?? {};
    const differing = Object.keys(inputs).filter(
      (name) => stringify(found[name]) !== stringify(inputs[name as keyof OrganizationRulesetInputs]),
    );
    expect([differing, found[property]]).toEqual([[property], shown]);
    await host.update(outs, inputs);
    expect((await host.read(outs)).props).toEqual(outs);
    expect(rulesetsOf(inputs)[0]?.conditions).toEqual({
      ref_name: refs,
      repository_name: { ...names, protected: false },
    });
  });
  it("shows conditions of a kind that came later, and that it has none at all", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const [ruleset] = rulesetsOf(inputs);
    Object.assign(ruleset ?? {}, { conditions: { ref_name: refs, repository_size: { above: 1 } } });
    const later = (await host.read(outs)).inputs?.["repositories"];
    Object.assign(ruleset ?? {}, { conditions: null });
    const none = (await host.read(outs)).inputs;
    expect([later, none?.["repositories"], none?.["refs"]]).toEqual([['by repository_size {"above":1}'], [], []]);
    await host.update(outs, inputs);
    expect((await host.read(outs)).props).toEqual(outs);
  });
});

describe("organizationRulesetProvider, when GitHub answers more, less, or in another order", () => {
  const refs = { include: ["refs/tags/charts/*", "refs/tags/v*"], exclude: [] };
  it.each<[string, object]>([
    ["the order of patterns", { include: ["service-*", "widgets"], exclude: [], protected: false }],
    ["no word on renaming", { include: ["widgets", "service-*"], exclude: [] }],
    ["no list of what is excluded", { include: ["widgets", "service-*"] }],
  ])("is no drift: %s", async (_, repositoryName) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const change = { conditions: { ref_name: refs, repository_name: repositoryName } };
    expect((await api.put(addressOf(inputs), change)).status).toBe(200);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
  });
  it("is no drift: who bypasses it, where the token is not told", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.put(addressOf(inputs), { bypass_actors: [] });
    // An App that may look and no more: the double lets no such token through, GitHub's description knows it.
    const { bypass_actors: _, ...body } = (await api.get(addressOf(inputs))).body;
    arm("GET", { status: 200, body }, 1, /\/rulesets\/\d+/);
    expect((await host.read(outs)).inputs).toEqual(outs);
  });
});

describe("organizationRulesetProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
