import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { readRecord } from "../../../formats/release/release-record.ts";
import type { Answer } from "../../../sandbox/door/answer.ts";
import { connectedSandbox } from "../../clients/connected-sandbox.ts";
import { registryClient } from "../../sandbox/registry-client.ts";
import { engineHost } from "../host/engine-host.ts";
import { assetNames, mark, releasableUnit, sha256, whole, wholeOutcome } from "./releasable-unit.ts";
import type { ReleasableUnit } from "./releasable-unit.ts";
import { releaseErrorOf } from "../release-error-of.ts";

const world = connectedSandbox();
const host = engineHost("github-release");
const fresh = () => releasableUnit(world);

const textOf = async (unit: ReleasableUnit, name: string): Promise<string> => {
  const asset = (await unit.releases())[0]?.assets.find((each) => each.name === name);
  const headers = { accept: "application/octet-stream", authorization: `Bearer ${process.env["GITHUB_TOKEN"]}` };
  return (await fetch(asset?.url ?? "", { headers })).text();
};
const writes = (since: number): string[] =>
  world.sandbox.journal
    .writes(since, { door: "github" })
    .map(({ method, path }) => `${method} ${path.replace(/\d+/g, "#").split("/").at(-1)}`);

describe("gitHubReleaseProvider, when a Release is made", () => {
  it("is published whole", async () => {
    const unit = await fresh();
    await host.create(unit.inputs);
    expect(whole(await unit.publicReleases())).toEqual(wholeOutcome);
  });
  it("is a draft first, then has its assets, then is published", async () => {
    const unit = await fresh();
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect(writes(since)).toEqual([
      "POST releases",
      "POST assets?name=app.txt",
      "POST assets?name=install.yaml",
      "POST assets?name=checksums.txt",
      "POST assets?name=lockstep.release.json",
      "PATCH #",
    ]);
  });
  it("is not published before the last upload has ended", async () => {
    const unit = await fresh();
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    const [published] = world.sandbox.journal.writes(since, { method: "PATCH" });
    const uploads = world.sandbox.journal.writes(since, { path: /assets\?name=/ });
    expect(published?.begin).toBeGreaterThan(Math.max(...uploads.map(({ end }) => end)));
  });
  it.each([
    ["the version tag", "registry", /manifests\/1\.2\.0/],
    ["the git tag", "github", /git\/ref\/tags%2Fv1\.2\.0|git\/ref\/tags\/v1\.2\.0/],
    ["the assets", "github", /releases\/\d+\/assets/],
  ] as const)("looks at %s between the last upload and publishing", async (_, door, path) => {
    const unit = await fresh();
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    const [published] = world.sandbox.journal.writes(since, { method: "PATCH" });
    const uploaded = world.sandbox.journal.writes(since, { path: /assets\?name=/ }).at(-1);
    const looks = world.sandbox.journal
      .reads(uploaded?.end ?? Infinity, { door, path })
      .filter(({ end }) => end < (published?.begin ?? 0));
    expect(looks.length).toBeGreaterThan(0);
  });
  it("is seen by nobody until it is published", async () => {
    const unit = await fresh();
    const seen: unknown[] = [];
    const act = async () => {
      seen.push(await unit.publicReleases());
    };
    world.sandbox.faults.add({ door: "github", method: "PATCH", path: /releases/, when: "before", act });
    await host.create(unit.inputs);
    expect(seen).toEqual([[]]);
  });
  it("has the title", async () => {
    const unit = await fresh();
    await host.create(unit.inputs);
    expect((await unit.releases())[0]?.name).toBe("App 1.2.0");
  });
  it("has the notes between our marks, their places filled", async () => {
    const unit = await fresh();
    await host.create(unit.inputs);
    const notes = `New: everything.\n\nImage: \`${unit.inputs.artifacts["app"]?.digest}\``;
    expect((await unit.releases())[0]?.body).toBe(`${mark()}\n${notes}\n<!-- lockstep:end -->`);
  });
  it("has checksums of its files", async () => {
    const unit = await fresh();
    await host.create(unit.inputs);
    expect(await textOf(unit, "checksums.txt")).toBe(
      `${sha256("the app\n")}  app.txt\n${sha256("kind: Namespace\n")}  install.yaml\n`,
    );
  });
  it("has a record of what it is made of", async () => {
    const unit = await fresh();
    await host.create(unit.inputs);
    expect(readRecord(await textOf(unit, "lockstep.release.json"))).toMatchObject({
      unit: "app",
      version: "1.2.0",
      revision: unit.inputs.revision,
      gitTag: "v1.2.0",
      artifacts: unit.inputs.artifacts,
      assets: {
        "app.txt": sha256("the app\n"),
        "install.yaml": sha256("kind: Namespace\n"),
        "checksums.txt": expect.any(String),
      },
    });
  });
  it("has its record alone where there are no files", async () => {
    const unit = await fresh();
    await host.create({ ...unit.inputs, assets: [] });
    expect((await unit.releases())[0]?.assets.map(({ name }) => name)).toEqual(["lockstep.release.json"]);
  });
  it("keeps its inputs in the state, its page and its number", async () => {
    const unit = await fresh();
    const { id, outs } = await host.create(unit.inputs);
    const release = (await unit.releases())[0];
    const state = { kind: "github-release", ...unit.inputs, url: release?.html_url, releaseId: release?.id };
    expect([id, outs]).toEqual([`${unit.inputs.repository} v1.2.0`, state]);
  });
  it("makes no tag", async () => {
    const unit = await fresh();
    const tags = (await execa("git", ["--git-dir", unit.repository.gitDir, "show-ref"])).stdout;
    await host.create(unit.inputs);
    expect((await execa("git", ["--git-dir", unit.repository.gitDir, "show-ref"])).stdout).toBe(tags);
  });
  it("stays when the resource is deleted", async () => {
    const unit = await fresh();
    const { outs } = await host.create(unit.inputs);
    await host.delete(outs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when not all that it promises is there", () => {
  const wrong: [string, (unit: ReleasableUnit) => Promise<unknown>, RegExp][] = [
    [
      "the version tag names another digest",
      (unit) => registryClient(world.sandbox).pushImage(imageName(unit), "1.2.0", "something else"),
      /:1\.2\.0 names sha256:\w+, not sha256:/,
    ],
    [
      "the version tag names another digest, and the registry's header says ours",
      async (unit) => {
        await registryClient(world.sandbox).pushImage(imageName(unit), "1.2.0", "something else");
        const digest = unit.inputs.artifacts["app"]?.digest ?? "";
        const change = (answer: Answer): Answer => ({
          ...answer,
          headers: { ...answer.headers, "docker-content-digest": digest },
        });
        const fault = { door: "registry", path: /manifests\/1\.2\.0$/, when: "after", times: 9 } as const;
        for (const method of ["HEAD", "GET"]) {
          world.sandbox.faults.add({ ...fault, method, act: { change } });
        }
      },
      /:1\.2\.0 names sha256:\w+, not sha256:/,
    ],
    ["the git tag is gone", (unit) => git(unit, "tag", "--delete", "v1.2.0"), /git tag v1\.2\.0 is at nothing, not/],
    [
      "the git tag is at another commit",
      (unit) => git(unit, "tag", "--force", "v1.2.0", unit.repository.commits[0]),
      /git tag v1\.2\.0 is at [0-9a-f]{40}, not/,
    ],
    ["a file has other bytes", (unit) => writeFile(join(unit.folder, "app.txt"), "the APP\n"), /app\.txt had sha256/],
  ];
  const git = (unit: ReleasableUnit, ...args: string[]) => execa("git", ["--git-dir", unit.repository.gitDir, ...args]);
  const imageName = ({ inputs }: ReleasableUnit): string =>
    inputs.artifacts["app"]?.repository.split("/").slice(1).join("/") ?? "";

  it.each(wrong)("is an error that says so: %s", async (_, spoil, words) => {
    const unit = await fresh();
    await spoil(unit);
    expect((await releaseErrorOf(host.create(unit.inputs))).parts.reason).toMatch(words);
  });
  it.each(wrong)("publishes nothing: %s", async (_, spoil) => {
    const unit = await fresh();
    await spoil(unit);
    await releaseErrorOf(host.create(unit.inputs));
    expect(await unit.publicReleases()).toEqual([]);
  });
  it("is an error where the version tag is not there at all", async () => {
    const unit = await fresh();
    const app = { ...unit.inputs.artifacts["app"], tag: "1.2.1" };
    const error = await releaseErrorOf(host.create({ ...unit.inputs, artifacts: { app } }));
    expect([error.code, error.parts.reason]).toEqual([
      "RELEASE_CONFLICT",
      expect.stringContaining(":1.2.1 names nothing"),
    ]);
  });
  it("is completed by the next run", async () => {
    const unit = await fresh();
    await git(unit, "tag", "--delete", "v1.2.0");
    await releaseErrorOf(host.create(unit.inputs));
    await git(unit, "tag", "v1.2.0", unit.inputs.revision);
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
});

describe("gitHubReleaseProvider, when there is a draft of ours", () => {
  it("is taken", async () => {
    const unit = await fresh();
    const draft = await unit.draft(mark());
    expect((await host.create(unit.inputs)).outs["releaseId"]).toBe(draft.id);
  });
  it("is brought into line", async () => {
    const unit = await fresh();
    await unit.draft(`${mark()}\nold\n<!-- lockstep:end -->`, { prerelease: true });
    await host.create(unit.inputs);
    expect((await unit.releases())[0]).toMatchObject({
      name: "App 1.2.0",
      prerelease: false,
      body: expect.not.stringContaining("old"),
    });
  });
  it("keeps an asset that is right", async () => {
    const unit = await fresh();
    await unit.attach(await unit.draft(mark()), "app.txt", "the app\n");
    const since = world.sandbox.journal.mark();
    await host.create(unit.inputs);
    expect(writes(since)).not.toContain("POST assets?name=app.txt");
  });
  it("replaces an asset that is wrong", async () => {
    const unit = await fresh();
    await unit.attach(await unit.draft(mark()), "app.txt", "another\n");
    await host.create(unit.inputs);
    expect(await textOf(unit, "app.txt")).toBe("the app\n");
  });
  it("replaces a record that names another digest than the version tag", async () => {
    const unit = await fresh();
    const app = { ...unit.inputs.artifacts["app"], digest: `sha256:${"0".repeat(64)}` };
    // A run that was cut off before it published.
    await releaseErrorOf(host.create({ ...unit.inputs, artifacts: { app } }));
    await host.create(unit.inputs);
    const record = readRecord(await textOf(unit, "lockstep.release.json"));
    expect(record?.artifacts["app"]?.digest).toBe(unit.inputs.artifacts["app"]?.digest);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("replaces an asset whose upload broke off", async () => {
    const unit = await fresh();
    world.sandbox.github.breakUpload({ name: /^app\.txt$/ });
    await unit.attach(await unit.draft(mark()), "app.txt", "the app\n");
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("loses an asset that does not belong to it", async () => {
    const unit = await fresh();
    await unit.attach(await unit.draft(mark()), "left-over.txt", "old\n");
    await host.create(unit.inputs);
    expect((await unit.releases())[0]?.assets.map(({ name }) => name).toSorted()).toEqual(assetNames);
  });
  it("remains one where there were several", async () => {
    const unit = await fresh();
    for (let at = 0; at < 3; at++) {
      await unit.draft(mark());
    }
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual(wholeOutcome);
  });
  it("leaves drafts of other tags alone", async () => {
    const unit = await fresh();
    await unit.draft(mark("1.3.0"), { tag_name: "v1.3.0" });
    await host.create(unit.inputs);
    expect(whole(await unit.releases())).toEqual({ ...wholeOutcome, drafts: 1 });
  });
});

describe("gitHubReleaseProvider, when there is a draft of someone else", () => {
  it.each([
    ["a person's", "My own words"],
    ["a person's without words", ""],
    ["another unit's", "<!-- lockstep:begin other@1.2.0 -->"],
    ["another version's", "<!-- lockstep:begin app@1.1.0 -->"],
  ])("is refused and names it: %s", async (_, body) => {
    const unit = await fresh();
    const draft = await unit.draft(body);
    const error = await releaseErrorOf(host.create(unit.inputs));
    expect([error.code, error.message.includes(draft.html_url)]).toEqual(["DRAFT_FOREIGN", true]);
  });
  it("is not touched", async () => {
    const unit = await fresh();
    const draft = await unit.draft("My own words");
    const since = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(unit.inputs));
    expect([writes(since), await unit.releases()]).toEqual([[], [draft]]);
  });
  it("is not touched beside one of ours either", async () => {
    const unit = await fresh();
    await unit.draft(mark());
    await unit.draft("My own words");
    const since = world.sandbox.journal.mark();
    await releaseErrorOf(host.create(unit.inputs));
    expect(writes(since)).toEqual([]);
  });
});

describe("gitHubReleaseProvider, when all of the above is done", () => {
  it("has sent nothing that GitHub's description does not know", () => {
    expect(world.sandbox.violations()).toEqual([]);
  });
});
