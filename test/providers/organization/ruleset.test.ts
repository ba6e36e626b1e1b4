import { describe, expect, it } from "vitest";
import type { RulesetInputs } from "../../../providers/organization/ruleset.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { githubClient } from "../../sandbox/github-client.ts";
import { actingAs } from "../acting-as.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";

// What holds of rulesets in a repository alone; ruleset-contract.test.ts has what holds of an organization's as well.
const world = connectedSandbox();
const host = engineHost("ruleset");

/** A repository that no other test has, and the inputs of a ruleset in it. */
async function declared(): Promise<RulesetInputs> {
  const { fullName } = await world.repository();
  return {
    repository: fullName,
    name: "release protection",
    present: true,
    target: "branch",
    enforcement: "active",
    refs: ["refs/heads/main"],
    bypass: [{ id: null, type: "OrganizationAdmin" }],
    rules: [{ type: "deletion" }],
  };
}

const rulesetsOf = ({ repository }: RulesetInputs) => world.sandbox.github.settings.repository(repository).rulesets;
const stranger = { kind: "classic", login: "ada", scopes: ["gist"] } as const;

describe("rulesetProvider", () => {
  it("does not take the organization's ruleset for its own", async () => {
    const inputs = await declared();
    const { status } = await githubClient(world.sandbox).post("/orgs/acme/rulesets", {
      name: inputs.name,
      target: "branch",
      enforcement: "disabled",
      conditions: { ref_name: { include: ["~ALL"], exclude: [] }, repository_name: { include: ["~ALL"], exclude: [] } },
      rules: [],
    });
    await host.create(inputs);
    expect([status, rulesetsOf(inputs).length]).toEqual([201, 1]);
  });
  it("holds for the tags of charts by a pattern, and lets new ones be made", async () => {
    const { fullName, commits } = await world.repository();
    const rules = [{ type: "update" }, { type: "deletion" }];
    const tags = { name: "immutable tags", target: "tag", refs: ["refs/tags/*-v*"], rules };
    await host.create({ ...(await declared()), ...tags, repository: fullName, bypass: [] });
    const api = githubClient(world.sandbox);
    const refs = `/repos/${fullName}/git/refs`;
    const statuses = async (tag: string): Promise<number[]> => [
      (await api.post(refs, { ref: `refs/tags/${tag}`, sha: commits[1] })).status,
      (await api.patch(`${refs}/tags/${tag}`, { sha: commits[2] })).status,
      (await api.delete(`${refs}/tags/${tag}`)).status,
    ];
    expect(await statuses("widgets-v1.2.3")).toEqual([201, 422, 422]);
    expect(await statuses("nightly")).toEqual([201, 200, 204]);
  });
  it("sees no drift in who bypasses it if the token is not told", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    Object.assign(rulesetsOf(inputs)[0] ?? {}, { bypassActors: [] });
    actingAs(world, { kind: "fine-grained", login: "ada", permissions: {} });
    expect((await host.read(outs)).inputs).toEqual(outs);
  });
  it("fails to delete it, and leaves it, if the token's scope is missing", async () => {
    const inputs = await declared();
    const { outs } = await host.create(inputs);
    actingAs(world, stranger);
    const { code } = await releaseErrorOf(host.delete(outs));
    expect([code, rulesetsOf(inputs).length]).toEqual(["NOT_FOUND", 1]);
  });
});

describe("rulesetProvider, when its repository is not seen", () => {
  const gone = async (): Promise<RulesetInputs> => ({ ...(await declared()), repository: "acme/nowhere" });
  const reasonsOf = async (inputs: RulesetInputs): Promise<string[]> =>
    [await releaseErrorOf(host.read(inputs)), await releaseErrorOf(host.delete(inputs))].map(
      ({ parts }) => parts.reason,
    );
  it.each([401, 403, 451, 500])("keeps the state if GitHub says %i of the repository", async (status) => {
    const inputs = await gone();
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /\/repos\/acme\/nowhere$/,
      when: "before",
      times: Infinity,
      act: { status, body: { message: "no" } },
    });
    const words = expect.stringContaining(`status ${status}`);
    expect(await reasonsOf(inputs)).toEqual([words, words]);
  });
  it("keeps the state if the token's scope is missing", async () => {
    const inputs = await gone();
    actingAs(world, stranger);
    const words = expect.stringContaining("needs the scope repo");
    expect(await reasonsOf(inputs)).toEqual([words, words]);
  });
});

describe("rulesetProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
