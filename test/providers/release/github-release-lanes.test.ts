import { describe, expect, it } from "vitest";
import type { Answer } from "../../../sandbox/door/answer.ts";
import type { Fault } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { mark, releasableUnit } from "./releasable-unit.ts";
import type { Inputs, ReleasableUnit } from "./releasable-unit.ts";

const world = connectedSandbox();
const host = engineHost("github-release");

/** A unit, and two versions of it that two lanes release at once. */
async function twoLanes(): Promise<{ unit: ReleasableUnit; older: Inputs; newer: Inputs }> {
  const unit = await releasableUnit(world);
  return { unit, older: await unit.version("1.0.1"), newer: await unit.version("2.0.0") };
}

const arm = (method: string, path: RegExp, when: Fault["when"], act: Fault["act"], times = 1): void => {
  world.sandbox.faults.add({ door: "github", method, path, when, act, times });
};
const publishes = /\/releases\/\d+$/;
const lists = /\/releases\?/;
const asksForLatest = /\/releases\/latest$/;

/** Answers a request without the Release of a tag, once: the list lags. */
function hideOnce(tag: string): void {
  const change = (answer: Answer): Answer => {
    const releases = JSON.parse(String(answer.body)) as { tag_name: string }[];
    const body = JSON.stringify(releases.filter(({ tag_name }) => tag_name !== tag));
    return { ...answer, body, headers: { ...answer.headers, "content-length": String(Buffer.byteLength(body)) } };
  };
  arm("GET", lists, "after", { change });
}

describe("gitHubReleaseProvider, when two lanes release 1.0.1 and 2.0.0 at once", () => {
  const moments: [string, string, RegExp, Fault["when"], number][] = [
    ["its first list of Releases", "GET", lists, "after", 1],
    ["its draft", "POST", /\/releases$/, "after", 1],
    ["its last upload", "POST", /name=lockstep/, "after", 1],
    ["its list before publishing", "GET", lists, "after", 2],
    ["its last look", "GET", /\/git\/ref/, "after", 1],
    ["publishing, before the effect", "PATCH", publishes, "before", 1],
    ["publishing, after the effect", "PATCH", publishes, "after", 1],
    ["its list after publishing", "GET", lists, "after", 3],
    ["its question for the latest after publishing", "GET", asksForLatest, "after", 2],
  ];
  const both = [
    ["1.0.1", "2.0.0"],
    ["2.0.0", "1.0.1"],
  ] as const;
  it.each(both.flatMap(([slow, fast]) => moments.map(([what, ...rest]) => [slow, fast, what, ...rest] as const)))(
    "ends with 2.0.0 as the latest: %s is overtaken by %s at %s",
    async (slow, fast, _, method, path, when, count) => {
      const unit = await releasableUnit(world);
      const [first, second] = [await unit.version(slow), await unit.version(fast)];
      // Earlier requests of this kind pass.
      for (let at = 1; at < count; at++) {
        arm(method, path, when, () => undefined);
      }
      arm(method, path, when, async () => void (await host.create(second)));
      await host.create(first);
      expect([world.sandbox.faults.waiting, await unit.latest()]).toEqual([0, "v2.0.0"]);
    },
  );
  it("gives the mark to the highest, though that is published while another one gets it", async () => {
    const { unit, older, newer } = await twoLanes();
    const between = await unit.version("1.1.0");
    // 1.1.0 is published when 1.0.1 is about to be; 2.0.0, when 1.0.1 is about to give the mark to 1.1.0.
    arm("PATCH", publishes, "before", async () => {
      await host.create(between);
      arm("PATCH", publishes, "before", async () => void (await host.create(newer)));
    });
    await host.create(older);
    expect([world.sandbox.faults.waiting, await unit.latest()]).toEqual([0, "v2.0.0"]);
  });
});

describe("gitHubReleaseProvider, when 1.0.1 took the mark from 2.0.0 and was killed before it looked", () => {
  async function killed() {
    const { unit, older, newer } = await twoLanes();
    await host.create(newer);
    const { outs } = await host.create(older);
    await unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, { make_latest: "true" });
    return { unit, older, outs };
  }
  it("shows the mark as a difference", async () => {
    const { outs } = await killed();
    expect((await host.read(outs)).inputs?.["latest"]).toBe(false);
  });
  it.each(["update", "create"] as const)("gives it back: %s", async (call) => {
    const { unit, older, outs } = await killed();
    await (call === "update" ? host.update(outs, older) : host.create(older));
    expect(await unit.latest()).toBe("v2.0.0");
    expect((await host.read(outs)).inputs?.["latest"]).toBe(true);
  });
});

describe("gitHubReleaseProvider, when lists lag over published Releases", () => {
  it("does not publish 1.0.1 as the latest", async () => {
    const { unit, older, newer } = await twoLanes();
    await host.create(newer);
    const seen: unknown[] = [];
    arm("PATCH", publishes, "after", async () => void seen.push(await unit.latest()));
    hideOnce("v2.0.0");
    hideOnce("v2.0.0");
    await host.create(older);
    expect([world.sandbox.faults.waiting, seen, await unit.latest()]).toEqual([0, ["v2.0.0"], "v2.0.0"]);
  });
  it("does not give the mark to 1.0.1 when that is repaired", async () => {
    const { unit, older, newer } = await twoLanes();
    const { outs } = await host.create(older);
    await host.create(newer);
    const since = world.sandbox.journal.mark();
    hideOnce("v2.0.0");
    await host.update(outs, older);
    expect([world.sandbox.faults.waiting, world.sandbox.journal.writes(since)]).toEqual([0, []]);
    expect(await unit.latest()).toBe("v2.0.0");
  });
  it("writes nothing to a higher Release that is gone, and keeps the mark", async () => {
    const { unit, older, newer } = await twoLanes();
    const { outs } = await host.create(newer);
    const [gone] = await unit.releases();
    await unit.api.delete(`${unit.path}/${String(outs["releaseId"])}`);
    const change = (answer: Answer): Answer => {
      const body = JSON.stringify([gone, ...(JSON.parse(String(answer.body)) as object[])]);
      return { ...answer, body, headers: { ...answer.headers, "content-length": String(Buffer.byteLength(body)) } };
    };
    await host.create(older);
    arm("GET", lists, "after", { change }, Infinity);
    const since = world.sandbox.journal.mark();
    await host.create(older);
    expect([world.sandbox.journal.writes(since), await unit.latest()]).toEqual([[], "v1.0.1"]);
  });
});

describe("gitHubReleaseProvider, when GitHub does not show the mark that it was given", () => {
  it("gives it four times, and succeeds", async () => {
    const { older } = await twoLanes();
    const since = world.sandbox.journal.mark();
    arm("GET", asksForLatest, "before", { status: 404, body: { message: "Not Found" } }, Infinity);
    await host.create(older);
    // Once with publishing.
    expect(world.sandbox.journal.writes(since, { method: "PATCH" })).toHaveLength(5);
  });
});

describe("gitHubReleaseProvider, when someone gave the mark to another version", () => {
  it("leaves it there while a version is released that is not the highest", async () => {
    const { unit, older, newer } = await twoLanes();
    await host.create(newer);
    await unit.draft(mark("1.0.0"), { tag_name: "v1.0.0", draft: false, make_latest: "true" });
    await host.create(older);
    expect(await unit.latest()).toBe("v1.0.0");
  });
});
