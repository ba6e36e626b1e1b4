import { beforeAll, describe, expect, it } from "vitest";
import type { RulesetInputs } from "../../../providers/organization/ruleset.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("ruleset");
let api: ReturnType<typeof githubClient>;
beforeAll(() => {
  api = githubClient(world.sandbox);
});

const checks = { required_status_checks: [{ context: "check" }], strict_required_status_checks_policy: true };

/** A repository that no other test has, and the inputs of a ruleset in it. */
async function declared(changes: Partial<RulesetInputs> = {}): Promise<RulesetInputs> {
  const { fullName } = await world.repository();
  return {
    repository: fullName,
    name: "release protection",
    present: true,
    target: "branch",
    enforcement: "active",
    refs: ["refs/heads/main", "refs/heads/release/*"],
    bypass: [
      { id: null, type: "OrganizationAdmin" },
      { id: 7, type: "Team" },
    ],
    rules: [{ type: "deletion" }, { type: "required_status_checks", parameters: checks }],
    ...changes,
  };
}

const rulesetsOf = ({ repository }: RulesetInputs) => world.sandbox.github.settings.repository(repository).rulesets;
const addressOf = (inputs: RulesetInputs): string =>
  `/repos/${inputs.repository}/rulesets/${rulesetsOf(inputs)[0]?.id ?? 0}`;
const madeByHand = ({ repository, name }: RulesetInputs, rules: readonly object[] = []) =>
  api.post(`/repos/${repository}/rulesets`, { name, target: "branch", enforcement: "disabled", rules });
const writes = (mark: number): string[] =>
  world.sandbox.journal.writes(mark, { door: "github" }).map(({ method, status }) => `${method} ${status}`);
const arm = (method: string, act: FaultAct, times = 1, when: "before" | "after" = "before"): void =>
  void world.sandbox.faults.add({ door: "github", method, path: /\/rulesets/, when, times, act });

describe("rulesetProvider, when there is no ruleset of the name", () => {
  it("is made as declared", async () => {
    const inputs = await declared();
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([
      {
        name: "release protection",
        target: "branch",
        enforcement: "active",
        conditions: { ref_name: { include: inputs.refs, exclude: [] } },
        bypassActors: [
          { actor_id: null, actor_type: "OrganizationAdmin", bypass_mode: "always" },
          { actor_id: 7, actor_type: "Team", bypass_mode: "always" },
        ],
        rules: inputs.rules,
      },
    ]);
  });
  it("is written once", async () => {
    const inputs = await declared();
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    expect(writes(mark)).toEqual(["POST 201"]);
  });
  it("has repository and name as id, and its inputs as state", async () => {
    const inputs = await declared();
    expect(await host.create(inputs)).toEqual({
      id: `${inputs.repository} release protection`,
      outs: { kind: "ruleset", ...inputs },
    });
  });
  it("lets nobody pass where nobody is declared", async () => {
    const inputs = await declared({ bypass: [] });
    await host.create(inputs);
    expect(rulesetsOf(inputs)[0]?.bypassActors).toEqual([]);
  });
  it("is another resource under another name or in another repository", async () => {
    const inputs = await declared();
    expect([
      await host.diff(inputs, { ...inputs, name: "other" }),
      await host.diff(inputs, { ...inputs, repository: "acme/other" }),
      await host.diff(inputs, { ...inputs, enforcement: "disabled" }),
    ]).toEqual([{ replaces: ["name"] }, { replaces: ["repository"] }, {}]);
  });
});

describe("rulesetProvider, when there is one of the name", () => {
  it("is taken over and brought into line, not doubled", async () => {
    const inputs = await declared();
    const { body } = await madeByHand(inputs, [{ type: "creation" }]);
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ id: body["id"], enforcement: "active", rules: inputs.rules }]);
  });
  it("is not written where it is as declared", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const mark = world.sandbox.journal.mark();
    await host.create(inputs);
    await host.update(outs, inputs);
    expect(writes(mark)).toEqual([]);
  });
  it("leaves those of other names alone", async () => {
    const inputs = await declared();
    await madeByHand({ ...inputs, name: "of people" });
    await host.create(inputs);
    await host.delete(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ name: "of people", enforcement: "disabled" }]);
  });
  it("does not take the organization's for its own", async () => {
    const inputs = await declared();
    const { status } = await api.post("/orgs/acme/rulesets", {
      name: inputs.name,
      target: "branch",
      enforcement: "disabled",
      conditions: { ref_name: { include: ["~ALL"], exclude: [] }, repository_name: { include: ["~ALL"], exclude: [] } },
      rules: [],
    });
    await host.create(inputs);
    expect([status, rulesetsOf(inputs).length]).toEqual([201, 1]);
  });
});

describe("rulesetProvider, when someone changed it", () => {
  const { stringify } = JSON;
  it.each<[keyof RulesetInputs, object, unknown]>([
    ["enforcement", { enforcement: "disabled" }, "disabled"],
    ["target", { target: "tag" }, "tag"],
    ["refs", { conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } } }, ["refs/heads/main"]],
    [
      "refs",
      { conditions: { ref_name: { include: ["refs/heads/release/*", "~ALL", "refs/heads/main"], exclude: [] } } },
      ["refs/heads/main", "refs/heads/release/*", "~ALL"],
    ],
    [
      "refs",
      {
        conditions: {
          ref_name: { include: ["refs/heads/main", "refs/heads/release/*"], exclude: ["refs/heads/main"] },
        },
      },
      ["refs/heads/main", "refs/heads/release/*", "except refs/heads/main"],
    ],
    ["bypass", { bypass_actors: [] }, []],
    ["bypass", { bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole" }] }, [{ id: 5, type: "RepositoryRole" }]],
    [
      "bypass",
      {
        bypass_actors: [
          { actor_id: 1, actor_type: "OrganizationAdmin" },
          { actor_id: 7, actor_type: "Team", bypass_mode: "exempt" },
        ],
      },
      [
        { id: null, type: "OrganizationAdmin" },
        { id: 7, type: "Team", mode: "exempt" },
      ],
    ],
    ["rules", { rules: [{ type: "deletion" }] }, [{ type: "deletion" }]],
    [
      "rules",
      { rules: [{ type: "update" }, { type: "required_status_checks", parameters: checks }, { type: "deletion" }] },
      [{ type: "deletion" }, { type: "required_status_checks", parameters: checks }, { type: "update" }],
    ],
    [
      "rules",
      {
        rules: [
          { type: "deletion" },
          { type: "required_status_checks", parameters: { ...checks, required_status_checks: [] } },
        ],
      },
      [{ type: "deletion" }, { type: "required_status_checks", parameters: { ...checks, required_status_checks: [] } }],
    ],
  ])("shows %s alone, and mends it: %j", async (property, change, shown) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.put(addressOf(inputs), change);
    const found: Record<string, unknown> = (await host.read(outs)).inputs ?? {};
    const differing = Object.keys(inputs).filter(
      (name) => stringify(found[name]) !== stringify(inputs[name as keyof RulesetInputs]),
    );
    expect([differing, found[property]]).toEqual([[property], shown]);
    await host.update(outs, inputs);
    expect((await host.read(outs)).props).toEqual(outs);
  });
  it("shows that it is gone, and makes it again", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.delete(addressOf(inputs));
    expect((await host.read(outs)).inputs).toEqual({ kind: "ruleset", ...inputs, present: false });
    await host.update(outs, inputs);
    expect(rulesetsOf(inputs)).toHaveLength(1);
  });
  it("writes nothing while it looks", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.put(addressOf(inputs), { enforcement: "disabled" });
    const mark = world.sandbox.journal.mark();
    await host.read(outs);
    expect(world.sandbox.journal.writes(mark)).toEqual([]);
  });
});

describe("rulesetProvider, when GitHub answers more or in another order", () => {
  const filledIn = {
    ...checks,
    required_status_checks: [{ context: "check", integration_id: 15368 }],
    do_not_enforce_on_create: false,
  };
  it.each<[string, Partial<RulesetInputs>, object]>([
    [
      "parameters that it filled in, also deep within",
      {},
      { rules: [{ type: "deletion" }, { type: "required_status_checks", parameters: filledIn }] },
    ],
    [
      "parameters of a rule that is declared without",
      { rules: [{ type: "update" }] },
      { rules: [{ type: "update", parameters: { update_allows_fetch_and_merge: false } }] },
    ],
    [
      "parameters that it leaves out where they are declared as switched off",
      { rules: [{ type: "update", parameters: { update_allows_fetch_and_merge: false } }] },
      { rules: [{ type: "update" }] },
    ],
    [
      "the order of patterns",
      {},
      { conditions: { ref_name: { include: ["refs/heads/release/*", "refs/heads/main"], exclude: [] } } },
    ],
    [
      "the order of actors, and an id that it ignores",
      {},
      {
        bypass_actors: [
          { actor_id: 7, actor_type: "Team" },
          { actor_id: 1, actor_type: "OrganizationAdmin" },
        ],
      },
    ],
  ])("is no drift: %s", async (_, changes, change) => {
    const inputs = await declared(changes);
    const { outs } = await host.create(inputs);
    expect((await api.put(addressOf(inputs), change)).status).toBe(200);
    expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
  });
  it("is no drift: who bypasses it, where the token is not told", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.put(addressOf(inputs), { bypass_actors: [] });
    actingAs(world, { kind: "fine-grained", login: "ada", permissions: {} });
    expect((await host.read(outs)).inputs).toEqual(outs);
  });
});

describe("rulesetProvider, when someone weakened a parameter that is declared as switched off", () => {
  it("shows it, and mends it", async () => {
    const wanted = { type: "update", parameters: { update_allows_fetch_and_merge: false } };
    const weak = { type: "update", parameters: { update_allows_fetch_and_merge: true } };
    const inputs = await declared({ rules: [wanted] });
    const { outs } = await host.create(inputs);
    await api.put(addressOf(inputs), { rules: [weak] });
    expect((await host.read(outs)).inputs).toMatchObject({ rules: [weak] });
    await host.update(outs, inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ rules: [wanted] }]);
  });
});

describe("rulesetProvider, when a ruleset shall not be there", () => {
  it("is removed, whoever made it", async () => {
    const inputs = await declared({ present: false });
    await madeByHand(inputs);
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toEqual([]);
  });
  it("is nothing to do where there is none", async () => {
    const inputs = await declared({ present: false });
    const mark = world.sandbox.journal.mark();
    const { outs } = await host.create(inputs);
    expect([writes(mark), (await host.read(outs)).props]).toEqual([[], outs]);
  });
  it("is shown where somebody made one", async () => {
    const inputs = await declared({ present: false });
    const { outs } = await host.create(inputs);
    await madeByHand(inputs);
    expect((await host.read(outs)).inputs).toMatchObject({ present: true, enforcement: "disabled" });
  });
  it("is lifted and set again by the same resource", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    const lifted = await host.update(outs, { ...inputs, present: false });
    const between = rulesetsOf(inputs).length;
    await host.update(lifted.outs, inputs);
    expect([between, rulesetsOf(inputs).length]).toEqual([0, 1]);
  });
});

describe("rulesetProvider, when its resource is deleted", () => {
  it("goes with it", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await host.delete(outs);
    expect(rulesetsOf(inputs)).toEqual([]);
  });
  it("may be gone already", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    await api.delete(addressOf(inputs));
    await host.delete(outs);
    expect(rulesetsOf(inputs)).toEqual([]);
  });
  it("is an error where the token lacks the scope, and still holds", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    actingAs(world, { kind: "classic", login: "ada", scopes: ["gist"] });
    const { code } = await releaseErrorOf(host.delete(outs));
    expect([code, rulesetsOf(inputs).length]).toEqual(["NOT_FOUND", 1]);
  });
  it("may go a moment earlier by another's hand", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    arm("DELETE", () => void rulesetsOf(inputs).splice(0));
    await host.delete(outs);
    expect(rulesetsOf(inputs)).toEqual([]);
  });
});

describe("rulesetProvider, when its repository is gone", () => {
  const gone = async (changes: Partial<RulesetInputs> = {}): Promise<RulesetInputs> => ({
    ...(await declared(changes)),
    repository: "acme/nowhere",
  });
  const ofRepository = (status: number): void =>
    void world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /\/repos\/acme\/nowhere$/,
      when: "before",
      times: Infinity,
      act: { status, body: { message: "no" } },
    });
  it("is gone with it", async () => {
    expect(await host.read(await gone())).toEqual({});
  });
  it("is deleted without a word", async () => {
    const mark = world.sandbox.journal.mark();
    await host.delete(await gone());
    expect(writes(mark)).toEqual([]);
  });
  it.each([true, false])("is an error as long as it is declared, with present: %j", async (present) => {
    const { code, parts } = await releaseErrorOf(host.create(await gone({ present })));
    expect([code, parts.reason]).toEqual(["NOT_FOUND", expect.stringContaining("/repos/acme/nowhere/rulesets")]);
  });
  it.each([401, 403, 451, 500])("keeps the state where GitHub says %i of the repository", async (status) => {
    const inputs = await gone();
    ofRepository(status);
    const errors = [await releaseErrorOf(host.read(inputs)), await releaseErrorOf(host.delete(inputs))];
    expect(errors.map(({ parts }) => parts.reason)).toEqual([
      expect.stringContaining(`status ${status}`),
      expect.stringContaining(`status ${status}`),
    ]);
  });
  it("keeps the state where the token lacks the scope to see it", async () => {
    const inputs = await gone();
    actingAs(world, { kind: "classic", login: "ada", scopes: ["gist"] });
    const errors = [await releaseErrorOf(host.read(inputs)), await releaseErrorOf(host.delete(inputs))];
    expect(errors.map(({ parts }) => parts.reason)).toEqual([
      expect.stringContaining("needs the scope repo"),
      expect.stringContaining("needs the scope repo"),
    ]);
  });
});

describe("rulesetProvider, when the list alone is not found", () => {
  it("is an error to delete it, as it may still hold", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    arm("GET", { status: 404, body: { message: "Not Found" } }, Infinity);
    expect((await releaseErrorOf(host.delete(outs))).code).toBe("NOT_FOUND");
  });
});

describe("rulesetProvider, when two write at once", () => {
  /** Holds what two writers send until both have looked. */
  function bothLooked(method: string): void {
    const waiting: (() => void)[] = [];
    const act = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) {
          waiting.forEach((release) => release());
        }
      });
    arm(method, act, 2);
  }
  it("makes one, and both are done", async () => {
    const inputs = await declared();
    bothLooked("POST");
    const mark = world.sandbox.journal.mark();
    const [one, other] = await Promise.all([host.create(inputs), host.create(inputs)]);
    expect([one, rulesetsOf(inputs).length, writes(mark).toSorted()]).toEqual([other, 1, ["POST 201", "POST 422"]]);
  });
  it("brings the other's into line where it is made otherwise", async () => {
    const inputs = await declared();
    arm("POST", async () => void (await madeByHand({ ...inputs })));
    // The fault is used up by the first POST; the one that it sends itself goes through.
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ enforcement: "active", rules: inputs.rules }]);
  });
  it("makes one that is removed between look and write", async () => {
    const inputs = await declared();
    await madeByHand(inputs);
    arm("PUT", () => void rulesetsOf(inputs).splice(0));
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ enforcement: "active", rules: inputs.rules }]);
  });
  it("makes one that is removed between the list and the look at it", async () => {
    const inputs = await declared();
    await madeByHand(inputs);
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /\/rulesets\/\d+/,
      when: "before",
      act: () => void rulesetsOf(inputs).splice(0),
    });
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toMatchObject([{ enforcement: "active" }]);
  });
  it("ends where the name is taken and the list never shows it", async () => {
    const inputs = await declared();
    await madeByHand(inputs);
    const mark = world.sandbox.journal.mark();
    arm("GET", { status: 200, body: [] }, Infinity);
    const { code, parts } = await releaseErrorOf(host.create(inputs));
    expect([code, parts.reason, writes(mark)]).toEqual([
      "CONFIGURATION",
      expect.stringContaining("Name must be unique"),
      ["POST 422"],
    ]);
  });
});

describe("rulesetProvider, when GitHub fails", () => {
  it.each([
    ["POST", "before", "reset"],
    ["POST", "after", "reset"],
    ["POST", "after", { status: 502 }],
    ["GET", "before", { status: 503 }],
  ] as const)("makes one all the same (%s, %s the effect, %j)", async (method, when, act) => {
    const inputs = await declared();
    arm(method, act, 1, when);
    await host.create(inputs);
    expect(rulesetsOf(inputs)).toHaveLength(1);
  });
  it.each([401, 403, 404, 500])("keeps the state where it says %i", async (status) => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    arm("GET", { status, body: { message: "no" } }, Infinity);
    expect((await releaseErrorOf(host.read(outs))).parts.step).toBe(
      `looking at: setting the ruleset \`release protection\` of ${inputs.repository}`,
    );
  });
});

describe("rulesetProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
