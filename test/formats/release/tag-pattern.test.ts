import { describe, expect, it } from "vitest";
import { defaultTagPattern, mayShareTag, tagName, versionIn } from "../../../formats/release/tag-pattern.ts";
import { seededRandom } from "../seeded-random.ts";

describe("tagName", () => {
  it.each([
    ["v{version}", "1.2.3", "v1.2.3"],
    ["{version}", "1.2.3", "1.2.3"],
    ["app-v{version}", "1.2.3-rc.1", "app-v1.2.3-rc.1"],
    ["{version}/app", "1.2.3", "1.2.3/app"],
  ])("makes of %s and %s the tag %s", (pattern, version, tag) => {
    expect(tagName(pattern, version)).toBe(tag);
  });
});

describe("versionIn", () => {
  it.each([
    ["v{version}", "v1.2.3", "1.2.3"],
    ["v{version}", "v1.2.3-rc.1", "1.2.3-rc.1"],
    ["v{version}", "v1.2.3+build.5", "1.2.3+build.5"],
    ["{version}", "1.2.3", "1.2.3"],
    ["app-v{version}", "app-v0.0.1", "0.0.1"],
    ["{version}-app", "1.2.3-app", "1.2.3"],
    ["v{version}", "1.2.3", undefined],
    ["{version}", "v1.2.3", undefined],
    ["v{version}", "vv1.2.3", undefined],
    ["v{version}", "v1", undefined],
    ["v{version}", "v1.2", undefined],
    ["v{version}", "v1.2-rc", undefined],
    ["v{version}", "v01.2.3", undefined],
    ["v{version}", "v 1.2.3", undefined],
    ["v{version}", "v1.2.3 ", undefined],
    ["v{version}", "v=1.2.3", undefined],
    ["v{version}", "v", undefined],
    ["v{version}", "", undefined],
    ["v{version}", "latest", undefined],
    ["v{version}", "app-v1.2.3", undefined],
    ["app-v{version}", "v1.2.3", undefined],
    ["aa{version}aa", "aaa", undefined],
  ])("with %s finds in %j: %s", (pattern, tag, version) => {
    expect(versionIn(pattern, tag)).toBe(version);
  });
});

describe("the tag pattern, when any version becomes a tag", () => {
  const random = seededRandom(3);
  const patterns = ["v{version}", "{version}", "app-v{version}", "release/{version}", "{version}/app"];
  const versions = Array.from({ length: 300 }, () => {
    const core = `${random(30)}.${random(30)}.${random(30)}`;
    return core + ["", "-rc.1", "-0", "-alpha-b.c", "-x.7.z.92"][random(5)];
  });

  it.each(patterns)("is found in it again with %s", (pattern) => {
    expect(versions.map((version) => versionIn(pattern, tagName(pattern, version)))).toEqual(versions);
  });

  it("is never found in the tag of another unit", () => {
    const others = versions.flatMap((version) => [
      versionIn("app-v{version}", `api-v${version}`),
      versionIn("app-v{version}", `app-web-v${version}`),
    ]);
    expect(new Set(others)).toEqual(new Set([undefined]));
  });
});

describe("defaultTagPattern", () => {
  it.each([
    [1, "app", "v{version}"],
    [1, undefined, "v{version}"],
    [2, "app", "app-v{version}"],
  ])("has, as one of %d with the name %s, %s", (count, name, pattern) => {
    expect(defaultTagPattern(count, name)).toBe(pattern);
  });
});

describe("mayShareTag", () => {
  it.each([
    ["v{version}", "v{version}"],
    ["v{version}", "v{version}-cli"],
    ["v{version}", "v{version}.cli"],
    ["v{version}", "v1{version}"],
    ["{version}", "1.2.3-{version}"],
    ["redis-{version}", "redis-1.{version}"],
    ["1.{version}", "{version}.3"],
  ])("finds that %s and %s may share a tag", (one, other) => {
    expect([mayShareTag(one, other), mayShareTag(other, one)]).toEqual([true, true]);
  });

  it.each([
    ["v{version}", "app-v{version}"],
    ["v{version}", "{version}"],
    ["app-v{version}", "app-web-v{version}"],
    ["app-v{version}", "app/v{version}"],
    ["v{version}", "vv{version}"],
    ["v{version}", "v{version}/cli"],
    ["v{version}-app", "v{version}-cli"],
    ["app/{version}", "cli/{version}"],
    ["redis-{version}", "redis-6-{version}"],
    ["redis-{version}", "redis-6.x-{version}"],
  ])("finds that %s and %s share none", (one, other) => {
    expect([mayShareTag(one, other), mayShareTag(other, one)]).toEqual([false, false]);
  });

  it("misses no pair of which one tag is two versions", () => {
    const random = seededRandom(11);
    const some = (pieces: readonly string[]): string => pieces[random(pieces.length)] ?? "";
    const piece = (): string => some(["", "", "v", "a", "1", "0.", "1.2.3-", "-", "-a", ".1", "+b", "/"]);
    const version = (): string =>
      `${random(12)}.${random(3)}.${random(3)}${some(["", "-a", "-1.2.3", "-a.1", "+b", "-1+1.2.3"])}`;
    let shared = 0;
    for (let round = 0; round < 60_000; round++) {
      const [one, other] = [`${piece()}{version}${piece()}${piece()}`, `${piece()}${piece()}{version}${piece()}`];
      if (versionIn(other, tagName(one, version())) === undefined) {
        continue;
      }
      shared++;
      expect(mayShareTag(one, other), `${one} ${other}`).toBe(true);
    }
    expect(shared).toBeGreaterThan(300);
  });
});
