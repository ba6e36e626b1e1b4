import { describe, expect, it } from "vitest";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { mark, releasableUnit } from "./releasable-unit.ts";
import type { ReleasableUnit } from "./releasable-unit.ts";

const world = connectedSandbox();
const host = engineHost("github-release");

/** Publishes Releases by hand, each with these changes to its fields. */
async function handMade(unit: ReleasableUnit, tags: Record<string, object>): Promise<void> {
  for (const [tag, changes] of Object.entries(tags)) {
    await unit.draft(mark(tag.slice(1)), { tag_name: tag, draft: false, make_latest: "true", ...changes });
  }
}

describe("gitHubReleaseProvider, when a version is released", () => {
  const cases: [string, Record<string, object>, Partial<ReleasableUnit["inputs"]>, string | undefined][] = [
    ["the first", {}, {}, "v1.2.0"],
    ["the highest", { "v1.1.0": {} }, {}, "v1.2.0"],
    ["an older one after a newer one", { "v2.0.0": {} }, {}, "v2.0.0"],
    ["one that is higher by number, not by letters", { "v1.10.0": {} }, {}, "v1.10.0"],
    ["beside a higher pre-release", { "v2.0.0-rc.1": { prerelease: true, make_latest: "false" } }, {}, "v1.2.0"],
    [
      "beside a higher one that is marked a pre-release",
      { "v2.0.0": { prerelease: true, make_latest: "false" } },
      {},
      "v1.2.0",
    ],
    ["beside a higher draft", { "v2.0.0": { draft: true } }, {}, "v1.2.0"],
    ["beside a higher version of another unit", { "other/v9.0.0": {} }, {}, "v1.2.0"],
    ["beside a tag that is no version", { v9: {} }, {}, "v1.2.0"],
    ["one that shall not be the latest", { "v1.1.0": {} }, { latest: false }, "v1.1.0"],
    ["the first, that shall not be the latest", {}, { latest: false }, undefined],
  ];
  it.each(cases)("makes the right one the latest: %s", async (_, others, changes, latest) => {
    const unit = await releasableUnit(world);
    await handMade(unit, others);
    await host.create({ ...unit.inputs, ...changes });
    // With none made the latest by word, GitHub falls back to the newest commit among those that may be.
    expect(await unit.latest()).toBe(latest);
  });
  it.each([
    ["before its first byte", 0],
    ["in its middle", 0.5],
  ])("keeps the newer one the latest if a list of Releases is cut %s", async (_what, cut) => {
    const unit = await releasableUnit(world);
    await handMade(unit, { "v2.0.0": {} });
    const path = /\/releases\?/;
    // Each list once: it is asked for again.
    for (let list = 0; list < 4; list++) {
      world.sandbox.faults.add({ door: "github", method: "GET", path, when: "after", act: { cut } });
    }
    await host.create(unit.inputs);
    expect(await unit.latest()).toBe("v2.0.0");
  });
  it("keeps the newer one the latest if no list of Releases comes whole", async () => {
    const unit = await releasableUnit(world);
    await handMade(unit, { "v2.0.0": {} });
    const lists = { door: "github", method: "GET", path: /\/releases\?/, when: "after", times: Infinity } as const;
    world.sandbox.faults.add({ ...lists, act: { cut: 0.5 } });
    await expect(host.create(unit.inputs)).rejects.toThrow("UNREACHABLE");
    expect(await unit.latest()).toBe("v2.0.0");
  });
  it("does not ask which one is the latest for one that shall not be it", async () => {
    const unit = await releasableUnit(world);
    const since = world.sandbox.journal.mark();
    await host.create({ ...unit.inputs, latest: false });
    const asked = world.sandbox.journal.reads(since, { door: "github", path: /\/releases\/latest$/ });
    const patches = world.sandbox.journal.writes(since, { door: "github", method: "PATCH" });
    expect([asked, patches.map(({ status }) => status)]).toEqual([[], [200]]);
  });
  it("changes nothing if GitHub shows one as the latest that shall not be it, because no other was made so", async () => {
    const unit = await releasableUnit(world);
    const inputs = { ...unit.inputs, latest: false };
    const { outs } = await host.create(inputs);
    await unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, { make_latest: "true" });
    expect(await unit.latest()).toBe("v1.2.0");
    const since = world.sandbox.journal.mark();
    expect((await host.read({ ...inputs, ...outs })).inputs).toMatchObject(inputs);
    await host.update({ ...inputs, ...outs }, inputs);
    expect([world.sandbox.journal.writes(since), await unit.latest()]).toEqual([[], "v1.2.0"]);
  });
  it("keeps a pre-release from being the latest", async () => {
    const unit = await releasableUnit(world);
    await host.create(unit.inputs);
    await host.create(await unit.version("1.3.0-rc.1"));
    expect(await unit.latest()).toBe("v1.2.0");
  });
  it("keeps the newer one the latest when the older one is repaired", async () => {
    const unit = await releasableUnit(world);
    const { outs } = await host.create(unit.inputs);
    await host.create(await unit.version("1.3.0"));
    await unit.api.patch(`${unit.path}/${String(outs["releaseId"])}`, {
      body: `${mark()}\nLess.\n<!-- lockstep:end -->`,
    });
    await host.update(outs, unit.inputs);
    expect(await unit.latest()).toBe("v1.3.0");
  });
  it("shows no drift of an older one after a newer one", async () => {
    const unit = await releasableUnit(world);
    const { outs } = await host.create(unit.inputs);
    await host.create(await unit.version("1.3.0"));
    expect((await host.read(outs)).inputs?.["latest"]).toBe(true);
  });
  it("is the latest again after another Release of the repository was made so", async () => {
    const unit = await releasableUnit(world);
    const { outs } = await host.create(unit.inputs);
    await handMade(unit, { other: {} });
    await host.update(outs, unit.inputs);
    expect(await unit.latest()).toBe("v1.2.0");
  });
});
