import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bundlesOf } from "../../clients/registry/bundles-of.ts";
import { retention } from "../../../commands/retention.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import type { Token } from "../../../sandbox/github/api/token.ts";
import { failure } from "../../clients/failure.ts";
import { retentionWorld } from "./retention-world.ts";
import type { RetentionProject } from "./retention-world.ts";

const { signing, project, run, publish, deletes } = retentionWorld();

/** Makes a token the one of this process until the test has ended. */
function useToken(secret: string, token: Token): void {
  signing.sandbox.github.tokens.set(secret, token);
  const before = process.env["GITHUB_TOKEN"];
  process.env["GITHUB_TOKEN"] = secret;
  onTestFinished(() => void (process.env["GITHUB_TOKEN"] = before));
}

describe("the retention command, when a package has released, lost and failed builds", () => {
  let world: RetentionProject;
  let released: { index: string; platforms: string[] };
  let failed: { index: string; platforms: string[] };
  let named = "";
  beforeAll(async () => {
    world = await project();
    failed = await world.package.build("failed");
    released = await world.package.build("released");
    await world.package.tag(released.index, "1.0.0");
    named = await world.package.image("its tag was lost");
    await publish(world, named);
  });

  it("without --confirm shows what goes and why, and deletes nothing", async () => {
    const since = signing.sandbox.journal.mark();
    const { exitCode, output } = await run(world.file, "--keep", "0");
    expect([exitCode, signing.sandbox.journal.writes(since)]).toEqual([0, []]);
    expect(output).toContain(`${world.repository}: 9 versions go, 10 versions stay`);
    expect(output).toMatch(/stays {2}sha256:\w{12} {2}\S+ {2}1\.0\.0 +version tag 1\.0\.0/);
    expect(output).toMatch(new RegExp(`stays {2}${named.slice(0, 19)} .* the Release v1\\.0\\.0 names it`));
    expect(output).toMatch(new RegExp(`goes {3}${failed.index.slice(0, 19)} .* no tag, and nothing refers to it`));
    expect(output).toContain("Add --confirm");
  });

  it("keeps the newest builds with all that hangs on them", async () => {
    const { output } = await run(world.file);
    expect(output).toContain("0 versions go, 19 versions stay");
    expect(output).toContain("one of the 10 newest without a tag");
  });

  it("keeps what is younger than was asked for", async () => {
    const { output } = await run(world.file, "--keep", "0", "--older-than", "11");
    expect(output).toContain("0 versions go, 19 versions stay");
  });

  it("with --confirm deletes exactly that, and what is released keeps its signatures", async () => {
    const since = signing.sandbox.journal.mark();
    const { exitCode, output } = await run(world.file, "--keep", "0", "--confirm");
    expect([exitCode, deletes(since).length]).toEqual([0, 9]);
    expect(output).toContain("9 of 9 deleted");
    expect(await world.package.there([failed.index, ...failed.platforms])).toEqual([false, false, false]);
    expect(await world.package.there([released.index, ...released.platforms, named])).toEqual(Array(4).fill(true));
    for (const digest of [released.index, ...released.platforms]) {
      expect((await bundlesOf(world.repository, digest)).length).toBe(1);
    }
  });

  it("the next time nothing goes", async () => {
    const since = signing.sandbox.journal.mark();
    const { output } = await run(world.file, "--keep", "0", "--confirm");
    expect([deletes(since), output.includes("0 versions go, 10 versions stay")]).toEqual([[], true]);
  });
});

describe("the retention command, when something changes between look and deletion", () => {
  /** A build whose index gets a tag directly before GitHub is asked for it, the first or the second time. */
  async function taggedMeanwhile(time: number) {
    const world = await project();
    await world.package.tag(await world.package.image("published"), "1.0.0");
    const build = await world.package.build("tagged in the last moment");
    const id = signing.sandbox.github.packages
      .find(world.name)
      ?.versions.find(({ digest }) => digest === build.index)?.id;
    let asked = 0;
    signing.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: new RegExp(`/versions/${id}$`),
      when: "before",
      times: time,
      act: async () => {
        asked += 1;
        if (asked === time) {
          await world.package.tag(build.index, "1.1.0");
        }
      },
    });
    const since = signing.sandbox.journal.mark();
    const { output } = await run(world.file, "--keep", "0", "--confirm");
    expect(output).toMatch(new RegExp(`stays {4}${build.index.slice(0, 19)}: got the tag 1\\.1\\.0 in the meantime`));
    return { ...world, build, deleted: deletes(since) };
  }

  it("a tag saves a build with all its signatures", async () => {
    const { build, repository, deleted } = await taggedMeanwhile(1);
    expect([deleted, await bundlesOf(repository, build.index)]).toEqual([[], [expect.anything()]]);
  });

  it("a tag that comes after the group was looked at still saves the index and all that it lists", async () => {
    const { build, package: there } = await taggedMeanwhile(2);
    expect(await there.there([build.index, ...build.platforms])).toEqual([true, true, true]);
  });

  it("what somebody else deleted counts as deleted", async () => {
    const world = await project();
    await world.package.tag(await world.package.image("published"), "1.0.0");
    await world.package.image("deleted by somebody");
    signing.sandbox.faults.add({
      door: "github",
      method: "DELETE",
      path: /\/versions\/\d+$/,
      when: "after",
      act: "reset",
    });
    const { exitCode, output } = await run(world.file, "--keep", "0", "--confirm");
    expect([exitCode, output.includes("1 of 1 deleted")]).toEqual([0, true]);
  });
});

describe("the retention command, when GitHub refuses", () => {
  it("what it keeps for itself stays, and the others go", async () => {
    const world = await project();
    await world.package.tag(await world.package.image("published"), "1.0.0");
    const popular = await world.package.image("downloaded often");
    const other = await world.package.image("not downloaded");
    const message = "Publicly visible package versions with more than 5000 downloads cannot be deleted.";
    signing.sandbox.faults.add({
      door: "github",
      method: "DELETE",
      path: /\/versions\/\d+$/,
      when: "before",
      act: { status: 400, body: { message } },
    });
    const { exitCode, output } = await run(world.file, "--keep", "0", "--confirm");
    expect([exitCode, await world.package.there([popular, other])]).toEqual([0, [true, false]]);
    expect(output).toContain(`GitHub says: ${message}`);
  });

  it("stops at the first version that the token may not delete", async () => {
    const world = await project();
    await world.package.tag(await world.package.image("published"), "1.0.0");
    await world.package.build("failed");
    useToken("no-admin", { kind: "actions", repository: `acme/${world.repo}`, permissions: { packages: "write" } });
    await signing.sandbox.github.packages.set(world.name, { actions: { [`acme/${world.repo}`]: "write" } });
    const since = signing.sandbox.journal.mark();
    const error = await failure(ReleaseError, run(world.file, "--keep", "0", "--confirm"));
    expect([error.code, deletes(since).length]).toEqual(["DENIED", 1]);
    expect(error.message).toContain("Resource not accessible by integration");
    expect(error.message).toMatch(/role Admin[^]*packages\/container\/\S+\/settings/);
    expect(error.message).not.toContain("npm run release");
  });

  it.each<[string, Token, RegExp]>([
    ["a classic token without read:packages", { kind: "classic", login: "ada", scopes: ["repo"] }, /read:packages/],
    [
      "a fine-grained token",
      { kind: "fine-grained", login: "ada", permissions: { contents: "write" } },
      /not accept fine-grained/,
    ],
  ])("says what is needed: %s", async (secret, token, words) => {
    const world = await project();
    await world.package.image("one");
    useToken(secret.replaceAll(" ", "-"), token);
    const error = await failure(ReleaseError, run(world.file));
    expect([error.code, error.parts.fix]).toEqual(["DENIED", expect.stringMatching(words)]);
  });

  it("a rate limit is no permission", async () => {
    const world = await project();
    await world.package.image("one");
    const body = { message: "You have exceeded a secondary rate limit." };
    signing.sandbox.faults.add({
      door: "github",
      method: "GET",
      path: /\/versions\?/,
      when: "before",
      times: 9,
      act: { status: 403, body },
    });
    expect((await failure(ReleaseError, run(world.file))).code).toBe("RATE_LIMITED");
  });
});

describe("the retention command, when not everything can be read", () => {
  it("nothing goes, and the manifest is named", async () => {
    const world = await project();
    await signing.sandbox.github.packages.seed([{ name: world.name, versions: [["1.0.0"], []] }]);
    const { output } = await run(world.file, "--keep", "0", "--confirm");
    expect(output).toContain("0 versions go, 2 versions stay");
    expect(output).toMatch(/Nothing goes: sha256:\w{12} cannot be read and may refer to it\./);
  });

  it("a package that is not there is said to be so", async () => {
    const world = await project();
    expect(await run(world.file)).toEqual({
      exitCode: 1,
      output: `${world.repository}: there is no such package, or GitHub does not show it to this token.\n`,
    });
  });

  it("a registry that refuses ends it", async () => {
    const world = await project();
    await world.package.image("one");
    const act = { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } };
    signing.sandbox.faults.add({ door: "registry", method: "GET", path: /manifests/, when: "before", times: 9, act });
    expect((await failure(ReleaseError, run(world.file))).message).toContain(`reading ${world.repository}@sha256:`);
  });
});

describe("the retention command, when it is called wrongly", () => {
  it.each([
    [["--keep", "some"], "--keep expects a whole number"],
    [["--older-than", "1.5"], "--older-than expects a whole number"],
    [["--what"], "--what"],
  ])("%j", async (args, words) => {
    await expect(retention(["--config-file", "nowhere.yaml", ...args])).rejects.toThrow(words);
  });

  it("without a configuration", async () => {
    await expect(retention([])).rejects.toThrow("npm run retention -- --config-file");
  });

  it("with a configuration that has no image at GitHub", async () => {
    const { file } = await project({ packages: { registry: "ghcr.io" } });
    await expect(retention(["--config-file", file])).rejects.toThrow("no image in ghcr.io");
  });
});

describe("the retention command, when all of the above is done", () => {
  it("every request was one that GitHub's description has", () => {
    expect(signing.sandbox.violations()).toEqual([]);
  });
});
