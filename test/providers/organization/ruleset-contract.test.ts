import { beforeAll, describe, expect, it } from "vitest";
import type { OrganizationRulesetInputs } from "../../../providers/organization/organization-ruleset.ts";
import type { RulesetInputs } from "../../../providers/organization/ruleset.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";
import { declaredOrganization } from "./declared-organization.ts";

const world = connectedSandbox();
let api: ReturnType<typeof githubClient>;
beforeAll(() => {
  api = githubClient(world.sandbox);
});

const checks = { required_status_checks: [{ context: "check" }], strict_required_status_checks_policy: true };
const declaration = {
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
} satisfies Partial<RulesetInputs>;

type Inputs = RulesetInputs | OrganizationRulesetInputs;
type Changes = Partial<Omit<RulesetInputs, "repository">>;

/** One of the two places that have rulesets. */
interface Place {
  kind: "ruleset" | "organization-ruleset";
  /** The input that names it. */
  property: "repository" | "organization";
  /** A place that no other test has, as inputs beside the declaration. */
  made(): Promise<Partial<Inputs>>;
  /** Path of its rulesets in GitHub's API. */
  path(inputs: Inputs): string;
  /** What its rulesets have as conditions beside their refs. */
  conditions: object;
  /** A place that is not there. */
  nowhere: string;
  /** What a step calls it. */
  phrase(inputs: Inputs): string;
}

const places: Place[] = [
  {
    kind: "ruleset",
    property: "repository",
    made: async () => ({ repository: (await world.repository()).fullName }),
    path: (inputs) => `/repos/${placeOf(inputs)}/rulesets`,
    conditions: {},
    nowhere: "acme/nowhere",
    phrase: (inputs) => placeOf(inputs),
  },
  {
    kind: "organization-ruleset",
    property: "organization",
    made: async () => ({ organization: await declaredOrganization(world), repositories: ["~ALL"] }),
    path: (inputs) => `/orgs/${placeOf(inputs)}/rulesets`,
    conditions: { repository_name: { include: ["~ALL"], exclude: [] } },
    nowhere: "nowhere",
    phrase: (inputs) => `the organization ${placeOf(inputs)}`,
  },
];

function placeOf(inputs: Inputs): string {
  return "repository" in inputs ? inputs.repository : inputs.organization;
}

function rulesetsOf(inputs: Inputs) {
  const { settings } = world.sandbox.github;
  return ("repository" in inputs ? settings.repository(inputs.repository) : settings.organization(inputs.organization))
    .rulesets;
}

function writes(mark: number): string[] {
  return world.sandbox.journal.writes(mark, { door: "github" }).map(({ method, status }) => `${method} ${status}`);
}

function arm(
  method: string,
  act: FaultAct,
  { times = 1, when = "before" as "before" | "after", path = /\/rulesets/ } = {},
) {
  world.sandbox.faults.add({ door: "github", method, path, when, times, act });
}

describe.each(places)(
  "the provider of the kind $kind",
  ({ kind, property, made, path, conditions, nowhere, phrase }) => {
    const host = engineHost(kind);
    const declared = async (changes: Changes = {}): Promise<Inputs> =>
      ({ ...declaration, ...(await made()), ...changes }) as Inputs;
    const gone = async (changes: Changes = {}): Promise<Inputs> => ({
      ...(await declared(changes)),
      [property]: nowhere,
    });
    const addressOf = (inputs: Inputs): string => `${path(inputs)}/${rulesetsOf(inputs)[0]?.id ?? 0}`;
    const onRefs = (include: string[], exclude: string[] = []) => ({
      conditions: { ...conditions, ref_name: { include, exclude } },
    });
    const madeByHand = (inputs: Inputs, rules: readonly object[] = []) =>
      api.post(path(inputs), {
        name: inputs.name,
        target: "branch",
        enforcement: "disabled",
        ...onRefs(["~ALL"]),
        rules,
      });

    describe("when there is no ruleset of the name", () => {
      it("makes one as declared", async () => {
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
      it("writes once", async () => {
        const inputs = await declared();
        const mark = world.sandbox.journal.mark();
        await host.create(inputs);
        expect(writes(mark)).toEqual(["POST 201"]);
      });
      it("has place and name as id, and its inputs as state", async () => {
        const inputs = await declared();
        expect(await host.create(inputs)).toEqual({
          id: `${placeOf(inputs)} release protection`,
          outs: { kind, ...inputs },
        });
      });
      it("lets no one pass if no one is declared", async () => {
        const inputs = await declared({ bypass: [] });
        await host.create(inputs);
        expect(rulesetsOf(inputs)[0]?.bypassActors).toEqual([]);
      });
      it("is another resource under another name or in another place", async () => {
        const inputs = await declared();
        expect([
          await host.diff(inputs, { ...inputs, name: "other" }),
          await host.diff(inputs, { ...inputs, [property]: "acme/other" }),
          await host.diff(inputs, { ...inputs, enforcement: "disabled" }),
        ]).toEqual([{ replaces: ["name"] }, { replaces: [property] }, {}]);
      });
    });

    describe("when there is one of the name", () => {
      it("brings it into line, and does not double it", async () => {
        const inputs = await declared();
        const { body, status } = await madeByHand(inputs, [{ type: "creation" }]);
        await host.create(inputs);
        expect([status, rulesetsOf(inputs)]).toMatchObject([
          201,
          [{ id: body["id"], enforcement: "active", rules: inputs.rules }],
        ]);
      });
      it("does not write if it is as declared", async () => {
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
    });

    describe("when someone changed it", () => {
      const { stringify } = JSON;
      it.each<[keyof RulesetInputs, object, unknown]>([
        ["enforcement", { enforcement: "disabled" }, "disabled"],
        ["target", { target: "tag" }, "tag"],
        ["refs", onRefs(["refs/heads/main"]), ["refs/heads/main"]],
        [
          "refs",
          onRefs(["refs/heads/release/*", "~ALL", "refs/heads/main"]),
          ["refs/heads/main", "refs/heads/release/*", "~ALL"],
        ],
        [
          "refs",
          onRefs(["refs/heads/main", "refs/heads/release/*"], ["refs/heads/main"]),
          ["refs/heads/main", "refs/heads/release/*", "except refs/heads/main"],
        ],
        ["bypass", { bypass_actors: [] }, []],
        [
          "bypass",
          { bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole" }] },
          [{ id: 5, type: "RepositoryRole" }],
        ],
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
          [
            { type: "deletion" },
            { type: "required_status_checks", parameters: { ...checks, required_status_checks: [] } },
          ],
        ],
      ])("shows %s alone, and fixes it: %j", async (shownProperty, change, shown) => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        expect((await api.put(addressOf(inputs), change)).status).toBe(200);
        const found: Record<string, unknown> = (await host.read(outs)).inputs ?? {};
        const wanted: Record<string, unknown> = { ...inputs };
        const differing = Object.keys(wanted).filter((name) => stringify(found[name]) !== stringify(wanted[name]));
        expect([differing, found[shownProperty]]).toEqual([[shownProperty], shown]);
        await host.update(outs, inputs);
        expect((await host.read(outs)).props).toEqual(outs);
      });
      it("shows that it is gone, and makes it again", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        await api.delete(addressOf(inputs));
        expect((await host.read(outs)).inputs).toEqual({ kind, ...inputs, present: false });
        await host.update(outs, inputs);
        expect(rulesetsOf(inputs)).toHaveLength(1);
      });
      it("writes nothing while it reads", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        await api.put(addressOf(inputs), { enforcement: "disabled" });
        const mark = world.sandbox.journal.mark();
        await host.read(outs);
        expect(world.sandbox.journal.writes(mark)).toEqual([]);
      });
      it("shows a weakened parameter that is declared as switched off, and fixes it", async () => {
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

    describe("when GitHub answers more or in another order", () => {
      const filledIn = {
        ...checks,
        required_status_checks: [{ context: "check", integration_id: 15368 }],
        do_not_enforce_on_create: false,
      };
      it.each<[string, Changes, object]>([
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
          "parameters that it leaves out and that are declared as switched off",
          { rules: [{ type: "update", parameters: { update_allows_fetch_and_merge: false } }] },
          { rules: [{ type: "update" }] },
        ],
        ["the order of patterns", {}, onRefs(["refs/heads/release/*", "refs/heads/main"])],
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
      ])("sees no drift: %s", async (_, changes, change) => {
        const inputs = await declared(changes);
        const { outs } = await host.create(inputs);
        expect((await api.put(addressOf(inputs), change)).status).toBe(200);
        expect(await host.read(outs)).toEqual({ id: "id", props: outs, inputs: outs });
      });
    });

    describe("when a ruleset shall not be there", () => {
      it("removes it, whoever made it", async () => {
        const inputs = await declared({ present: false });
        await madeByHand(inputs);
        await host.create(inputs);
        expect(rulesetsOf(inputs)).toEqual([]);
      });
      it("does nothing if there is none", async () => {
        const inputs = await declared({ present: false });
        const mark = world.sandbox.journal.mark();
        const { outs } = await host.create(inputs);
        expect([writes(mark), (await host.read(outs)).props]).toEqual([[], outs]);
      });
      it("shows one that someone made", async () => {
        const inputs = await declared({ present: false });
        const { outs } = await host.create(inputs);
        await madeByHand(inputs);
        expect((await host.read(outs)).inputs).toMatchObject({ present: true, enforcement: "disabled" });
      });
      it("lifts and sets it with the same resource", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        const lifted = await host.update(outs, { ...inputs, present: false });
        const between = rulesetsOf(inputs).length;
        await host.update(lifted.outs, inputs);
        expect([between, rulesetsOf(inputs).length]).toEqual([0, 1]);
      });
    });

    describe("when its resource is deleted", () => {
      it("removes the ruleset", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        await host.delete(outs);
        expect(rulesetsOf(inputs)).toEqual([]);
      });
      it("accepts that it is gone already", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        await api.delete(addressOf(inputs));
        await host.delete(outs);
        expect(rulesetsOf(inputs)).toEqual([]);
      });
      it("accepts that another removes it a moment earlier", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        arm("DELETE", () => void rulesetsOf(inputs).splice(0));
        await host.delete(outs);
        expect(rulesetsOf(inputs)).toEqual([]);
      });
      it("fails if the list alone is not found, as it may still hold", async () => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        arm("GET", { status: 404, body: { message: "Not Found" } }, { times: Infinity });
        expect((await releaseErrorOf(host.delete(outs))).code).toBe("NOT_FOUND");
      });
    });

    describe(`when its ${property} is gone`, () => {
      it("sees that the ruleset is gone with it", async () => {
        expect(await host.read(await gone())).toEqual({});
      });
      it("is deleted without a word", async () => {
        const mark = world.sandbox.journal.mark();
        await host.delete(await gone());
        expect(writes(mark)).toEqual([]);
      });
      it.each([true, false])("fails as long as it is declared, with present: %j", async (present) => {
        const { code, parts } = await releaseErrorOf(host.create(await gone({ present })));
        expect([code, parts.reason]).toEqual(["NOT_FOUND", expect.stringContaining(`/${nowhere}/rulesets`)]);
      });
    });

    describe("when two write at once", () => {
      it("makes one, and both are done", async () => {
        const inputs = await declared();
        const waiting: (() => void)[] = [];
        const bothLooked = () =>
          new Promise<void>((resolve) => {
            waiting.push(resolve);
            if (waiting.length === 2) {
              waiting.forEach((release) => release());
            }
          });
        arm("POST", bothLooked, { times: 2 });
        const mark = world.sandbox.journal.mark();
        const [one, other] = await Promise.all([host.create(inputs), host.create(inputs)]);
        expect([one, rulesetsOf(inputs).length, writes(mark).toSorted()]).toEqual([other, 1, ["POST 201", "POST 422"]]);
      });
      it("brings the other's into line if it is made otherwise", async () => {
        const inputs = await declared();
        // The fault is used up by the first POST; the one that it sends itself goes through.
        arm("POST", async () => void (await madeByHand(inputs)));
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
        arm("GET", () => void rulesetsOf(inputs).splice(0), { path: /\/rulesets\/\d+/ });
        await host.create(inputs);
        expect(rulesetsOf(inputs)).toMatchObject([{ enforcement: "active" }]);
      });
      it("ends if the name is taken and the list never shows it", async () => {
        const inputs = await declared();
        await madeByHand(inputs);
        const mark = world.sandbox.journal.mark();
        arm("GET", { status: 200, body: [] }, { times: Infinity });
        const { code, parts } = await releaseErrorOf(host.create(inputs));
        expect([code, parts.reason, writes(mark)]).toEqual([
          "CONFIGURATION",
          expect.stringContaining("Name must be unique"),
          ["POST 422"],
        ]);
      });
    });

    describe("when GitHub fails", () => {
      it.each([
        ["POST", "before", "reset"],
        ["POST", "after", "reset"],
        ["POST", "after", { status: 502 }],
        ["GET", "before", { status: 503 }],
      ] as const)("makes one all the same (%s, %s the effect, %j)", async (method, when, act) => {
        const inputs = await declared();
        arm(method, act, { when });
        await host.create(inputs);
        expect(rulesetsOf(inputs)).toHaveLength(1);
      });
      it.each([401, 403, 404, 500])("keeps the state if it answers %i", async (status) => {
        const inputs = await declared();
        const { outs } = await host.create(inputs);
        arm("GET", { status, body: { message: "no" } }, { times: Infinity });
        expect((await releaseErrorOf(host.read(outs))).parts.step).toBe(
          `checking: setting the ruleset \`release protection\` of ${phrase(inputs)}`,
        );
      });
    });
  },
);

describe("the providers of rulesets, when all of the above is done", () => {
  it("have sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
