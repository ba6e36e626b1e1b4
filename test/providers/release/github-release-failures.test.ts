import { beforeAll, describe, expect, it } from "vitest";
import type { ReleaseError } from "../../../errors/release-error.ts";
import type { FaultAct } from "../../../sandbox/door/faults.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { engineHost } from "../host/engine-host.ts";
import { releasableUnit, whole, wholeOutcome } from "./releasable-unit.ts";
import type { ReleaseJson } from "./releasable-unit.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("github-release");
const fresh = () => releasableUnit(world);
const arm = (method: string, path: RegExp, when: "before" | "after", act: FaultAct, times = 1): void => {
  world.sandbox.faults.add({ door: "github", method, path, when, times, act });
};
const steps: [string, string, RegExp][] = [
  ["the draft is made", "POST", /\/releases$/],
  ["the first file is attached", "POST", /assets\?name=app\.txt/],
  ["the record is attached", "POST", /assets\?name=lockstep/],
  ["it is published", "PATCH", /\/releases\/\d+$/],
  ["Releases are listed", "GET", /\/releases\?/],
  ["assets are listed", "GET", /\/assets\?/],
];
const acts: [string, "before" | "after", FaultAct][] = [
  ["is reset", "before", "reset"],
  ["is reset after its effect", "after", "reset"],
  ["fails", "before", { status: 500, body: { message: "Server Error" } }],
  ["fails after its effect", "after", { status: 500, body: { message: "Server Error" } }],
];
const everyFailure = steps.flatMap(([step, method, path]) =>
  acts.map(([words, when, act]) => {
    // What took effect although its answer was lost is taken, and not written again.
    const writes = method === "GET" ? 0 : when === "after" ? 1 : 2;
    return { step, method, path, words, when, act, writes };
  }),
);

describe("gitHubReleaseProvider, when a request fails once", () => {
  it.each(everyFailure)(
    "ends with one whole Release and $writes such writes: $step, and that $words",
    async ({ method, path, when, act, writes }) => {
      const unit = await fresh();
      arm(method, path, when, act);
      const since = world.sandbox.journal.mark();
      await host.create(unit.inputs);
      expect(whole(await unit.releases())).toEqual(wholeOutcome);
      expect(world.sandbox.journal.writes(since, { method, path })).toHaveLength(writes);
    },
  );
  it("ends with one whole Release where an upload leaves a starter", async () => {
    const unit = await fresh();
    world.sandbox.github.breakUpload({ name: /^install\.yaml$/ });
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe.each(steps.slice(0, 4))("gitHubReleaseProvider, when a request fails for good: %s", (_, method, path) => {
  let error: ReleaseError;
  let seen: ReleaseJson[];
  let afterwards: ReleaseJson[];
  beforeAll(async () => {
    const unit = await fresh();
    arm(method, path, "before", { status: 500, body: { message: "We are down" } }, Infinity);
    error = await releaseErrorOf(host.create(unit.inputs));
    seen = await unit.publicReleases();
    world.sandbox.faults.clear();
    await host.create(unit.inputs);
    afterwards = await unit.releases();
  });
  it("is an error with the server's words", () => {
    expect(error.parts).toMatchObject({ code: "SERVER_FAULT", reason: expect.stringContaining("We are down") });
  });
  it("has published nothing", () => {
    expect(seen).toEqual([]);
  });
  it("is completed by the next run", () => {
    expect(whole(afterwards)).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when GitHub refuses for good", () => {
  it("is tried five times", async () => {
    const unit = await fresh();
    arm("POST", /\/releases$/, "before", { status: 502, body: { message: "no" } }, Infinity);
    const since = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(unit.inputs));
    expect(world.sandbox.journal.writes(since)).toHaveLength(5);
  });
  it("is tried once where GitHub forbids it", async () => {
    const unit = await fresh();
    arm(
      "POST",
      /\/releases$/,
      "before",
      { status: 403, body: { message: "Resource not accessible by integration" } },
      Infinity,
    );
    const since = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(unit.inputs));
    expect(world.sandbox.journal.writes(since)).toHaveLength(1);
  });
  it("says that an immutable Release cannot be completed", async () => {
    const unit = await fresh();
    const message = "Cannot upload assets to an immutable release.";
    arm("POST", /assets\?name=/, "before", { status: 422, body: { message } });
    expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("RELEASE_IMMUTABLE");
  });
});
