import { describe, expect, it } from "vitest";
import type { OwnerKind } from "../../../../clients/github/packages/packages.ts";
import { ReleaseError } from "../../../../errors/release-error.ts";
import { observePackage, observeVersion } from "../../../../observe/published/packages/package-versions.ts";
import { observeOwners } from "../../../../observe/published/packages/package-owner.ts";
import { observeReleaseMentions } from "../../../../observe/published/packages/release-mentions.ts";
import { gitHub } from "../../../../clients/github/github.ts";
import { failure } from "../../../clients/failure.ts";
import { signingSandbox } from "../../../clients/sigstore/signing-sandbox.ts";
import { pushedPackage } from "../../../support/pushed-package.ts";

const signing = signingSandbox();

/** A package that no other test has. */
function packageOf(kind: OwnerKind = "Organization") {
  const image = signing.world.image();
  const name = image.name.replace("acme/", "");
  return { ...image, at: { kind, owner: "acme", name }, pushed: pushedPackage(signing, image) };
}

const reads = (since: number): string[] =>
  signing.sandbox.journal
    .reads(since, { door: "registry", path: /\/manifests\/sha256:/ })
    .filter(({ status }) => status === 200)
    .map(({ path }) => path);

describe("observePackage, when a package is read", () => {
  it("tells every version with its tags and what it refers to", async () => {
    const { at, repository, pushed } = packageOf();
    const { index, platforms } = await pushed.build("one");
    await pushed.tag(index, "1.0.0");
    const observed = await observePackage(at, repository);
    const tagged = observed?.versions.find(({ digest }) => digest === index);
    const signature = [...(observed?.manifests.values() ?? [])].filter(({ subject }) => subject === index);
    expect(tagged?.tags).toEqual(["1.0.0"]);
    expect(Math.abs((tagged?.changedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(observed?.manifests.get(index)?.mentions).toEqual(platforms);
    expect(signature.length).toBe(1);
    expect([observed?.versions.length, observed?.counted, observed?.manifests.size]).toEqual([9, 9, 9]);
  });

  it("asks for each manifest once, and for those that are known not at all", async () => {
    const { at, repository, pushed } = packageOf();
    await pushed.image("one");
    await pushed.image("two");
    const since = signing.sandbox.journal.mark();
    const first = await observePackage(at, repository);
    expect(reads(since).length).toBe(2);
    const again = signing.sandbox.journal.mark();
    const second = await observePackage(at, repository, first?.manifests);
    expect([reads(again), second?.manifests]).toEqual([[], first?.manifests]);
  });

  it("reads every page", async () => {
    const { at, name, repository } = packageOf();
    await signing.sandbox.github.packages.seed([{ name, versions: Array.from({ length: 230 }, (_, n) => [`t${n}`]) }]);
    const observed = await observePackage(at, repository);
    expect([observed?.versions.length, observed?.counted, observed?.manifests.size]).toEqual([230, 230, 0]);
  });

  it("leaves out a manifest that the registry does not have", async () => {
    const { at, name, repository } = packageOf();
    await signing.sandbox.github.packages.seed([{ name, versions: [["1.0.0"]] }]);
    expect((await observePackage(at, repository))?.manifests.size).toBe(0);
  });

  it("tells nothing of one that is not there", async () => {
    const { at, repository } = packageOf();
    expect(await observePackage(at, repository)).toBeUndefined();
  });

  it("changes nothing", async () => {
    const { at, repository, pushed } = packageOf();
    await pushed.image("one");
    const since = signing.sandbox.journal.mark();
    await observePackage(at, repository);
    expect(signing.sandbox.journal.writes(since)).toEqual([]);
  });

  it("fails where the registry does not answer", async () => {
    const { at, repository, pushed } = packageOf();
    const digest = await pushed.image("one");
    signing.sandbox.faults.add({
      door: "registry",
      method: "GET",
      path: /manifests/,
      when: "before",
      times: 9,
      act: { status: 503 },
    });
    const error = await failure(ReleaseError, observePackage(at, repository));
    expect([error.code, error.parts.step]).toEqual(["SERVER_FAULT", `reading ${repository}@${digest}`]);
  });
});

describe("observePackage, when the owner is a person", () => {
  it("reads packages under the address that persons have", async () => {
    await signing.sandbox.github.packages.setOwner("ada", { type: "user" });
    await signing.sandbox.github.packages.seed([{ name: "ada/own", versions: [["1.0.0"], []] }]);
    const at = { kind: "User" as const, owner: "ada", name: "own" };
    const observed = await observePackage(at, `${signing.sandbox.addresses.registry}/ada/own`);
    expect(observed?.versions.map(({ tags }) => tags).toSorted()).toEqual([[], ["1.0.0"]]);
    expect(await observeVersion(at, observed?.versions[0]?.id ?? 0)).toEqual(observed?.versions[0]);
  });
});

describe("observeVersion", () => {
  it("tells its tags of now", async () => {
    const { at, repository, pushed } = packageOf();
    const digest = await pushed.image("one");
    const [version] = (await observePackage(at, repository))?.versions ?? [];
    await pushed.tag(digest, "1.0.0");
    expect((await observeVersion(at, version?.id ?? 0))?.tags).toEqual(["1.0.0"]);
  });

  it("tells nothing of one that is not there", async () => {
    const { at, pushed } = packageOf();
    await pushed.image("one");
    expect(await observeVersion(at, 1)).toBeUndefined();
  });
});

describe("observeReleaseMentions", () => {
  const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

  it("tells every digest in a text, of drafts and of people's Releases too", async () => {
    const { fullName, owner, repo } = await signing.world.repository();
    const create = (tag_name: string, body: string, draft: boolean) =>
      gitHub().rest.repos.createRelease({ owner, repo, tag_name, target_commitish: "main", body, draft });
    await create("v1", `pull app@${digest("1")} or ${digest("2")}`, false);
    await create("v2", `still to come: ${digest("3")}`, true);
    await create("v3", "nothing", false);
    expect(await observeReleaseMentions(fullName)).toEqual(
      new Map([
        [digest("1"), "v1"],
        [digest("2"), "v1"],
        [digest("3"), "v2"],
      ]),
    );
  });

  it("tells nothing where there are none", async () => {
    expect((await observeReleaseMentions((await signing.world.repository()).fullName)).size).toBe(0);
  });
});

describe("observeOwners", () => {
  it("knows the owner of the repository, in any case, without a question of its own", async () => {
    const { fullName } = await signing.world.repository();
    const since = signing.sandbox.journal.mark();
    expect(await observeOwners(fullName, ["Acme", "acme"])).toEqual({
      kinds: new Map([
        ["Acme", "Organization"],
        ["acme", "Organization"],
      ]),
      publicRepository: true,
    });
    expect(signing.sandbox.journal.since(since).length).toBe(1);
  });
});

describe("observePackage, when all of the above is done", () => {
  it("every request was one that GitHub's description has, but for the pages of a person's package", () => {
    // They work and are missing in the description: github.com/github/rest-api-description issue 1651.
    const known = /^GET \/api\/v3\/users\/ada\/\S+\/versions\?per_page=100: .* per_page is not declared$/;
    expect(signing.sandbox.violations().filter((one) => !known.test(one))).toEqual([]);
  });
});
