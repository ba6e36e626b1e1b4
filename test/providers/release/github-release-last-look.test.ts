import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { JournalEntry } from "../../../sandbox/door/journal.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { releaseErrorOf } from "../release-error-of.ts";
import { releasableUnit, sha256, whole, wholeOutcome } from "./releasable-unit.ts";
import type { ReleasableUnit } from "./releasable-unit.ts";

const world = connectedSandbox();
const host = engineHost("github-release");
const fresh = () => releasableUnit(world);

/** Lets someone act when the Release is about to be published (`before`), or was published and the answer is not sent yet (`after`). */
function atPublishing(when: "before" | "after", act: () => unknown): void {
  const publishing = { door: "github", method: "PATCH", path: /\/releases\/\d+$/ } as const;
  world.sandbox.faults.add({ ...publishing, when, act: async () => void (await act()) });
}

async function remove(unit: ReleasableUnit, name: string): Promise<void> {
  const asset = (await unit.releases())[0]?.assets.find((each) => each.name === name);
  await unit.api.delete(`${unit.path}/assets/${asset?.id ?? 0}`);
}
async function replace(unit: ReleasableUnit, name: string, text: string): Promise<void> {
  await remove(unit, name);
  const [release] = await unit.releases();
  if (release) {
    await unit.attach(release, name, text);
  }
}
const moveVersionTag = (unit: ReleasableUnit) =>
  registryClient(world.sandbox).pushImage(
    unit.inputs.artifacts["app"]?.repository.split("/").slice(1).join("/") ?? "",
    "1.2.0",
    "something else",
  );
const moveGitTag = (unit: ReleasableUnit) =>
  writeFile(join(unit.repository.gitDir, "refs", "tags", "v1.2.0"), `${unit.repository.commits[0]}\n`);

/** What a request reads: one word, or its method if it writes. */
function describeRequest({ method, path }: JournalEntry): string {
  const reads: [RegExp, string][] = [
    [/\/releases\?/, "Releases"],
    [/\/releases\/latest$/, "latest"],
    [/\/releases\/\d+$/, "Release"],
    [/\/assets\?per_page/, "assets"],
    [/\/manifests\//, "version tag"],
    [/\/git\/ref/, "git tag"],
  ];
  return method === "GET" ? (reads.find(([pattern]) => pattern.test(path))?.[1] ?? path) : method;
}

describe("gitHubReleaseProvider, around the moment of publishing", () => {
  it("lists the Releases first, then checks everything, publishes at once, and checks everything again", async () => {
    const unit = await fresh();
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    const all = world.sandbox.journal.since(since, ({ path, status }) => !path.startsWith("/token") && status !== 401);
    const words = all.map(describeRequest);
    const [uploaded, published] = [words.lastIndexOf("POST"), words.indexOf("PATCH")];
    const [before, looks] = [all.slice(uploaded + 1, uploaded + 3), all.slice(uploaded + 3, published)];
    expect(before.map(describeRequest).toSorted()).toEqual(["Releases", "latest"]);
    expect(looks.map(describeRequest).toSorted()).toEqual(["Release", "assets", "git tag", "version tag"]);
    expect(Math.min(...looks.map(({ begin }) => begin))).toBeGreaterThan(Math.max(...before.map(({ end }) => end)));
    expect(words.slice(published + 1).toSorted()).toEqual([
      "Release",
      "Releases",
      "assets",
      "git tag",
      "latest",
      "version tag",
    ]);
  });
  it("checks everything again, once, if one answer of the last look was late", async () => {
    vi.stubEnv("LOCKSTEP_RETRY_MS", "1100");
    onTestFinished(() => void vi.unstubAllEnvs());
    const unit = await fresh();
    const tag = { door: "registry", method: "GET", path: /manifests\/1\.2\.0$/, when: "before" } as const;
    // Someone deletes a file that the look has seen, while the version tag is asked for again.
    world.sandbox.faults.add({ ...tag, act: { status: 503 } });
    world.sandbox.faults.add({ ...tag, act: () => remove(unit, "app.txt") });
    const seen: unknown[] = [];
    atPublishing("after", async () => void seen.push(whole(await unit.publicReleases())));
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect(seen).toEqual([wholeOutcome]);
    expect(world.sandbox.journal.writes(since, { path: /name=app\.txt/ })).toHaveLength(2);
  });
  it("attaches a file again that someone deletes from the draft", async () => {
    const unit = await fresh();
    const act = () => remove(unit, "app.txt");
    world.sandbox.faults.add({ door: "github", method: "POST", path: /name=lockstep/, when: "after", act });
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
  });
  it("is an error, and nothing is published, if someone deletes it each time", async () => {
    const unit = await fresh();
    const look = { door: "github", method: "GET", path: /\/releases\/latest$/, when: "before" } as const;
    world.sandbox.faults.add({ ...look, times: Infinity, act: () => remove(unit, "app.txt") });
    const since = world.sandbox.journal.mark();
    const error = await releaseErrorOf(host.create(unit.inputs));
    expect([error.code, error.parts.reason]).toEqual(["RELEASE_CONFLICT", "app.txt is missing or has other bytes"]);
    expect(await unit.publicReleases()).toEqual([]);
    expect(world.sandbox.journal.writes(since, { path: /name=app\.txt/ })).toHaveLength(3);
  });
});

describe.each(["before", "after"] as const)(
  "gitHubReleaseProvider, when someone acts %s the effect of publishing",
  (when) => {
    it.each(["app.txt", "checksums.txt", "lockstep.release.json"])("has %s again if it was deleted", async (name) => {
      const unit = await fresh();
      atPublishing(when, () => remove(unit, name));
      await host.create(unit.inputs);
      expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    });
    const conflicts: [string, (unit: ReleasableUnit) => Promise<unknown>, RegExp][] = [
      ["the version tag was moved", moveVersionTag, /:1\.2\.0 names sha256:\w+, not sha256:\w+$/],
      ["the git tag was moved", moveGitTag, /^git tag v1\.2\.0 is at \w+, not \w+$/],
    ];
    it.each(conflicts)("fails and says that the Release is public if %s", async (_, act, reason) => {
      const unit = await fresh();
      atPublishing(when, () => act(unit));
      const error = await releaseErrorOf(host.create(unit.inputs));
      const [release] = await unit.publicReleases();
      expect(error.parts).toMatchObject({
        code: "RELEASE_CONFLICT",
        reason: expect.stringMatching(reason),
        meaning: expect.stringContaining(`The Release is public (${release?.html_url})`),
      });
    });
    it("restores what it can before it fails", async () => {
      const unit = await fresh();
      atPublishing(when, async () => {
        await moveGitTag(unit);
        await remove(unit, "app.txt");
      });
      expect((await releaseErrorOf(host.create(unit.inputs))).code).toBe("RELEASE_CONFLICT");
      expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    });
    it("fails if a file was replaced, and leaves it", async () => {
      const unit = await fresh();
      atPublishing(when, () => replace(unit, "app.txt", "worse\n"));
      const error = await releaseErrorOf(host.create(unit.inputs));
      expect([error.code, error.message.includes(sha256("worse\n"))]).toEqual(["ASSET_CONFLICT", true]);
      expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
    });
  },
);

describe("gitHubReleaseProvider, when the answer to publishing is lost", () => {
  it("still finds a tag that was moved meanwhile", async () => {
    const unit = await fresh();
    const publishing = { door: "github", method: "PATCH", path: /\/releases\/\d+$/, when: "after" } as const;
    world.sandbox.faults.add({ ...publishing, act: "reset" });
    const again = { door: "github", method: "GET", path: /\/releases\/tags\//, when: "before" } as const;
    world.sandbox.faults.add({ ...again, act: () => undefined });
    world.sandbox.faults.add({ ...again, act: async () => void (await moveVersionTag(unit)) });
    const error = await releaseErrorOf(host.create(unit.inputs));
    expect([world.sandbox.faults.waiting, error.code, (await unit.publicReleases()).length]).toEqual([
      0,
      "RELEASE_CONFLICT",
      1,
    ]);
  });
});
