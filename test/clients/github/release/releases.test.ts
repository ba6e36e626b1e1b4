import { describe, expect, it } from "vitest";
import { gitHub } from "../../../../clients/github/github.ts";
import { listContainedAssets, shareReleasesOfTag } from "../../../../clients/github/release/releases.ts";
import type { Release, ReleaseAsset } from "../../../../clients/github/release/releases.ts";
import { connectedSandbox } from "../../connected-sandbox.ts";
import type { TestRepository } from "../../connected-sandbox.ts";

const world = connectedSandbox();

const create = async ({ owner, repo }: TestRepository, tag: string, draft = false): Promise<Release> =>
  (await gitHub().rest.repos.createRelease({ owner, repo, tag_name: tag, draft })).data;

/** Paths that were asked for, below the repository. */
const asked = (since: number, { fullName }: TestRepository): string[] =>
  world.sandbox.journal
    .since(since, { door: "github" })
    .map(({ path }) => path.split(`${fullName}/`)[1]?.split("?")[0] ?? path);

describe("shareReleasesOfTag", () => {
  it("finds published Releases and drafts of several tags in one list", async () => {
    const repository = await world.repository();
    const [first, second] = [await create(repository, "v1"), await create(repository, "v2")];
    const draft = await create(repository, "v2", true);
    const since = world.sandbox.journal.mark();
    const found = await Promise.all(["v1", "v2"].map((tag) => shareReleasesOfTag(repository, tag)));
    expect(found.map(({ published, drafts }) => [published?.id, drafts.map(({ id }) => id)])).toEqual([
      [first.id, []],
      [second.id, [draft.id]],
    ]);
    expect(asked(since, repository)).toEqual(["releases"]);
  });
  it("asks for a tag of which the list has no published Release, because a list may lag", async () => {
    const repository = await world.repository();
    const release = await create(repository, "v1");
    world.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: new RegExp(`${repository.fullName}/releases\\?`),
      when: "before",
      act: { status: 200, body: [] },
    });
    expect((await shareReleasesOfTag(repository, "v1")).published?.id).toBe(release.id);
  });
});

describe("listContainedAssets", () => {
  const assets = (count: number): ReleaseAsset[] =>
    Array.from({ length: count }, (_, at) => ({ id: at, name: `${at}.txt` }) as ReleaseAsset);

  it("asks nothing for a published Release with fewer than 30", async () => {
    const repository = await world.repository();
    const since = world.sandbox.journal.mark();
    const release = { ...(await create(repository, "v1")), assets: assets(29) };
    expect(await listContainedAssets(repository, release)).toHaveLength(29);
    expect(asked(since, repository)).toEqual(["releases"]);
  });
  it.each([
    ["a Release that may have more than it contains", { draft: false, assets: assets(30) }],
    ["a draft, which others change", { draft: true, assets: assets(1) }],
  ])("lists those of %s", async (_, parts) => {
    const repository = await world.repository();
    const release = { ...(await create(repository, "v1")), ...parts };
    expect(await listContainedAssets(repository, release)).toEqual([]);
  });
});
