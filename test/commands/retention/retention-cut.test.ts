import { describe, expect, it } from "vitest";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { failure } from "../../clients/failure.ts";
import { retentionWorld } from "./retention-world.ts";

const { signing, project, run, publish, deletes } = retentionWorld();

const empty: FaultAct = { status: 200, body: "", headers: { "content-type": "application/json; charset=utf-8" } };
const none: FaultAct = { change: (answer) => ({ ...answer, body: "null" }) };

function onReleases(act: FaultAct, times: number): void {
  const when = typeof act === "object" && "status" in act ? "before" : "after";
  signing.sandbox.faults.add({ door: "github", method: "GET", path: /\/releases\?/, when, times, act });
}

/** A package with one version that goes, and one without a tag that a public Release names. */
async function releasedProject() {
  const world = await project();
  await world.package.tag(await world.package.image("tagged"), "1.0.0");
  const named = await world.package.image("its tag was lost");
  const old = await world.package.image("old");
  await publish(world, named);
  return { ...world, named, old };
}

const broken: [what: string, act: FaultAct][] = [
  ["cut off before its first byte", { cut: 0 }],
  ["cut off in the middle", { cut: 0.5 }],
  ["empty", empty],
  ["null", none],
];

describe("the retention command, when the list of Releases is", () => {
  it.each(broken)("%s once, it is asked for again, and what a Release names stays", async (_what, act) => {
    const world = await releasedProject();
    onReleases(act, 1);
    const { exitCode, output } = await run(world.file, "--keep", "0", "--confirm");
    expect([exitCode, await world.package.there([world.named, world.old])]).toEqual([0, [true, false]]);
    expect(output).toContain("the Release v1.0.0 names it");
  });

  it.each(broken)("%s each time, nothing is deleted", async (_what, act) => {
    const world = await releasedProject();
    const since = signing.sandbox.journal.mark();
    onReleases(act, Infinity);
    const error = await failure(ReleaseError, run(world.file, "--keep", "0", "--confirm"));
    expect([error.code, deletes(since)]).toEqual(["UNREACHABLE", []]);
  });
});

describe("the retention command, when a Release is published while a package is looked at", () => {
  it("keeps what it names, although the plan let it go", async () => {
    const world = await project();
    await world.package.tag(await world.package.image("tagged"), "1.0.0");
    const named = await world.package.image("named in the last moment");
    signing.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /\/versions\?/,
      when: "before",
      act: () => publish(world, named),
    });
    const { output } = await run(world.file, "--keep", "0", "--confirm");
    expect(await world.package.there([named])).toEqual([true]);
    expect(output).toContain("0 of 1 deleted");
  });
});
