import { describe, expect, it } from "vitest";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releasableUnit, whole, wholeOutcome } from "./releasable-unit.ts";

const world = connectedSandbox();
const host = engineHost("github-release");
const fresh = () => releasableUnit(world);

/** Holds requests until `count` of them have come: so many twins stand at the same step. */
function meetAt(method: string, path: RegExp, count = 2): void {
  const waiting: (() => void)[] = [];
  const act = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === count) {
        waiting.forEach((release) => release());
      }
    });
  world.sandbox.faults.add({ door: "github", method, path, when: "before", times: count, act });
}

const succeeded = (results: PromiseSettledResult<unknown>[]): number =>
  results.filter(({ status }) => status === "fulfilled").length;

describe("gitHubReleaseProvider, when two twins release at once", () => {
  const meetings: [string, string, RegExp][] = [
    ["make their drafts", "POST", /\/releases$/],
    ["attach their first file", "POST", /name=app\.txt/],
    ["attach their last file", "POST", /name=lockstep/],
    ["publish", "PATCH", /releases/],
  ];
  it.each(meetings)("leaves one whole Release and no draft where they %s together", async (_, method, path) => {
    const unit = await fresh();
    // Both find nothing and make a draft of their own, whatever their pace.
    meetAt("POST", /\/releases$/);
    if (method !== "POST" || !path.test("/releases")) {
      meetAt(method, path);
    }
    await Promise.all([host.create(unit.inputs), host.create(unit.inputs)]);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("tells both of the same Release", async () => {
    const unit = await fresh();
    meetAt("POST", /\/releases$/);
    const [one, other] = await Promise.all([host.create(unit.inputs), host.create(unit.inputs)]);
    expect(one).toEqual(other);
  });
  it("leaves one whole Release and no draft with three", async () => {
    const unit = await fresh();
    meetAt("POST", /\/releases$/, 3);
    await Promise.all([host.create(unit.inputs), host.create(unit.inputs), host.create(unit.inputs)]);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("never shows anybody a Release that is not whole", async () => {
    const unit = await fresh();
    const seen: unknown[] = [];
    const act = async () => {
      const releases = await unit.publicReleases();
      if (releases.length > 0) {
        seen.push(whole(releases));
      }
    };
    meetAt("POST", /\/releases$/);
    world.sandbox.faults.add({ door: "github", method: "DELETE", path: /./, when: "after", times: Infinity, act });
    world.sandbox.faults.add({ door: "github", method: "PATCH", path: /./, when: "after", times: Infinity, act });
    await Promise.all([host.create(unit.inputs), host.create(unit.inputs)]);
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(wholeOutcome)]));
  });
});

describe("gitHubReleaseProvider, when a twin begins while the first is at work on its draft", () => {
  const moments: [string, string, RegExp, "before" | "after"][] = [
    ["after the draft was made", "POST", /\/releases$/, "after"],
    ["before the first file is attached", "POST", /name=app\.txt/, "before"],
    ["after the first file was attached", "POST", /name=app\.txt/, "after"],
    ["before it is published", "PATCH", /releases/, "before"],
    ["after it was published", "PATCH", /releases/, "after"],
  ];
  it.each(moments)("leaves one whole Release and no draft: %s", async (_, method, path, when) => {
    const unit = await fresh();
    let second: Promise<unknown> = Promise.resolve();
    const act = async () => {
      second = host.create(unit.inputs);
      await second.catch(() => undefined);
    };
    world.sandbox.faults.add({ door: "github", method, path, when, act });
    const first = host.create(unit.inputs);
    const results = await Promise.allSettled([first, first.then(() => second)]);
    expect([succeeded(results) > 0, whole(await unit.releases())]).toEqual([true, wholeOutcome]);
  });
  it("leaves one whole Release and no draft where both go on together", async () => {
    const unit = await fresh();
    let second: Promise<unknown> = Promise.resolve();
    const act = () => {
      second = host.create(unit.inputs);
      second.catch(() => undefined);
    };
    world.sandbox.faults.add({ door: "github", method: "POST", path: /\/releases$/, when: "after", act });
    const [first] = await Promise.allSettled([host.create(unit.inputs)]);
    const [other] = await Promise.allSettled([second]);
    expect([succeeded([first, other]) > 0, whole(await unit.releases())]).toEqual([true, wholeOutcome]);
  });
});
