import { describe, expect, it } from "vitest";
import { manifestOf, named, planned, questionOf } from "../made-up-package.ts";
import type { MadeUpVersion } from "../made-up-package.ts";
import { planRetention } from "../../../plan/retention/retention.ts";

/** A published image, so that GitHub's rule of the last version has no part in the case. */
const published: MadeUpVersion = { name: "published", tags: ["1.0.0"], age: 90 };

describe("planRetention, when a version stays", () => {
  it.each<[what: string, version: Partial<MadeUpVersion>, why: string]>([
    ["it has a version tag", { tags: ["1.2.3"] }, "version tag 1.2.3"],
    ["it has a version tag of a pre-release", { tags: ["1.2.3-rc.1"] }, "version tag 1.2.3-rc.1"],
    ["it has a moving tag", { tags: ["latest"] }, "moving tag latest"],
    ["it is the metadata for Artifact Hub", { tags: ["artifacthub.io"] }, "moving tag artifacthub.io"],
    ["it has the moving tag of a line", { tags: ["1.2"] }, "moving tag 1.2"],
    ["it has a tag of any other kind", { tags: ["pr-12"] }, "tag pr-12"],
    ["it has several tags", { tags: ["1.2.3", "1", "edge"] }, "version tag 1.2.3, moving tag 1, tag edge"],
    ["it is young", { age: 0.5 }, "younger than a day"],
    ["its time is in the future", { age: -1 }, "younger than a day"],
    ["its manifest cannot be read", { readable: false }, "its manifest cannot be read"],
  ])("%s", (_, version, why) => {
    const { stays, goes } = planned([published, { name: "one", age: 30, ...version }]);
    expect([stays["one"], goes]).toEqual([why, []]);
  });

  it.each([
    ["v1.2.3", "version tag v1.2.3"],
    ["v1", "moving tag v1"],
    ["1.2.3", "tag 1.2.3"],
    ["v1.2.3.4", "tag v1.2.3.4"],
    ["vv1.2.3", "tag vv1.2.3"],
  ])("with the prefix v, %s is a %s", (tag, why) => {
    expect(planned([{ name: "one", tags: [tag], age: 30 }], { prefix: "v" }).stays["one"]).toBe(why);
  });

  it("because a Release names it", () => {
    const { stays } = planned([published, { name: "one", age: 30 }], {
      named: new Map([[named("one"), "the Release v1.2.3 names it"]]),
    });
    expect(stays["one"]).toBe("the Release v1.2.3 names it");
  });

  it.each([
    [1, { third: "the newest without a tag" }],
    [2, { third: "one of the 2 newest without a tag", second: "one of the 2 newest without a tag" }],
  ])("as one of the newest %i", (keepLast, expected) => {
    const versions = ["first", "second", "third"].map((name, at) => ({ name, age: 30 - at }));
    const { stays } = planned([published, ...versions], { rule: { keepLast, olderThan: 1 } });
    expect(stays).toEqual({ published: "version tag 1.0.0", ...expected });
  });

  it("as long as it is younger than was asked for", () => {
    const { stays, goes } = planned([published, { name: "one", age: 29 }, { name: "two", age: 31 }], {
      rule: { keepLast: 0, olderThan: 30 },
    });
    expect([stays["one"], goes]).toEqual(["younger than 30 days", ["two"]]);
  });

  it("for a day, even where less was asked for", () => {
    const { goes } = planned([published, { name: "one", age: 0.9 }], { rule: { keepLast: 0, olderThan: 0 } });
    expect(goes).toEqual([]);
  });
});

/** What each of these does to a manifest that would go by itself. */
const referring: [what: string, others: MadeUpVersion[], why: string][] = [
  [
    "an index with a version tag lists",
    [{ name: "index", tags: ["2.0.0"], age: 30, lists: ["one"] }],
    "index refers to it",
  ],
  [
    "an index below an index lists",
    [
      { name: "outer", tags: ["2.0.0"], age: 30, lists: ["inner"] },
      { name: "inner", age: 30, lists: ["one"] },
    ],
    "inner refers to it",
  ],
  [
    "a kept manifest mentions in an annotation",
    [{ name: "noted", tags: ["2.0.0"], age: 30, annotated: ["one"] }],
    "noted refers to it",
  ],
  ["a young index lists", [{ name: "index", age: 0.1, lists: ["one"] }], "index refers to it"],
  ["something young is attached to", [{ name: "signature", age: 0.1, subject: "one" }], "signature refers to it"],
];

describe("planRetention, when something refers to a version", () => {
  it.each(referring)("stays what %s", (_, others, why) => {
    const { stays, goes } = planned([published, { name: "one", age: 40 }, ...others]);
    expect([stays["one"], goes]).toEqual([why, []]);
  });

  it("stays an index that lists something young", () => {
    const { stays } = planned([published, { name: "index", age: 40, lists: ["one"] }, { name: "one", age: 0.1 }]);
    expect(stays["index"]).toBe("refers to something younger");
  });

  it("goes what only something that goes refers to", () => {
    const { goes } = planned([published, { name: "one", age: 40 }, { name: "index", age: 40, lists: ["one"] }]);
    expect(goes).toEqual(["index", "one"]);
  });
});

/** A signed index as Lockstep leaves it in a registry without the referrers API. */
function signedIndex(name: string, tags: string[], age: number): MadeUpVersion[] {
  return [
    { name: `${name}-amd64`, age },
    { name: `${name}-arm64`, age },
    { name, tags, age, lists: [`${name}-amd64`, `${name}-arm64`] },
    { name: `${name}-signature`, age, subject: name },
    { name: `${name}-provenance`, age, subject: name },
    { name: `${name}-list`, tags: [`sha256-@${name}`], age, lists: [`${name}-signature`, `${name}-provenance`] },
  ];
}

describe("planRetention, when an image is signed", () => {
  it("everything of a released one stays", () => {
    const { stays, goes } = planned(signedIndex("app", ["1.0.0"], 90));
    expect(goes).toEqual([]);
    expect(stays).toEqual({
      app: "version tag 1.0.0",
      "app-amd64": "app refers to it",
      "app-arm64": "app refers to it",
      "app-signature": "app has it attached",
      "app-provenance": "app has it attached",
      "app-list": "app has it attached",
    });
  });

  it("everything of one that was never released goes, the list first", () => {
    const { goes } = planned([published, ...signedIndex("lost", [], 90)]);
    expect(goes.toSorted()).toEqual(
      signedIndex("lost", [], 90)
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(goes.indexOf("lost-list")).toBeLessThan(goes.indexOf("lost-signature"));
    expect(goes.indexOf("lost-signature")).toBeLessThan(goes.indexOf("lost"));
    expect(goes.indexOf("lost-provenance")).toBeLessThan(goes.indexOf("lost"));
    expect(goes.indexOf("lost")).toBeLessThan(goes.indexOf("lost-amd64"));
  });

  it("counts as one of the last", () => {
    const { stays, goes } = planned([published, ...signedIndex("old", [], 90), ...signedIndex("new", [], 80)], {
      rule: { keepLast: 1, olderThan: 1 },
    });
    expect(stays["new"]).toBe("the newest without a tag");
    expect(Object.keys(stays).length).toBe(7);
    expect(goes.every((name) => name.startsWith("old"))).toBe(true);
  });

  it("stays a signature that only the list knows", () => {
    const { stays } = planned([
      published,
      { name: "signature", age: 80 },
      { name: "list", tags: ["sha256-@published"], age: 80, lists: ["signature"] },
    ]);
    expect(stays["signature"]).toBe("list refers to it");
  });

  it.each([".sig", ".att", ".sbom"])("stays what older cosign put under the tag sha256-HEX%s", (ending) => {
    const { stays } = planned([published, { name: "old", tags: [`sha256-@published${ending}`], age: 80 }]);
    expect(stays["old"]).toBe("published has it attached");
  });

  it("goes what is attached to something gone", () => {
    const { plan } = planned([
      published,
      { name: "signature", age: 80, subject: "gone" },
      { name: "list", tags: ["sha256-@gone"], age: 80, lists: ["signature"] },
    ]);
    const why = `attached to ${named("gone").slice(0, 19)}, which is gone`;
    expect(plan.goes.flat().map((one) => one.why)).toEqual([why, why]);
  });
});

describe("planRetention, when several things go", () => {
  it("what hangs together is one group, and the oldest group is the first", () => {
    const { plan } = planned([
      published,
      ...signedIndex("new", [], 40),
      { name: "alone", age: 50 },
      ...signedIndex("old", [], 60),
    ]);
    expect(plan.goes.map((group) => group.length)).toEqual([6, 1, 6]);
    expect(plan.goes[0]?.map(({ version }) => version.digest).includes(named("old"))).toBe(true);
  });

  it("two that list the same manifest are one group", () => {
    const { plan } = planned([
      published,
      { name: "shared", age: 60 },
      { name: "one", age: 50, lists: ["shared"] },
      { name: "two", age: 40, lists: ["shared"] },
    ]);
    expect(plan.goes.map((group) => group.length)).toEqual([3]);
  });
});

describe("planRetention, when not everything is known", () => {
  it("nothing goes where a manifest cannot be read", () => {
    const { stays, goes } = planned([published, { name: "one", age: 40 }, { name: "two", age: 50, readable: false }]);
    expect([stays["one"], goes]).toEqual(["two cannot be read and may refer to it", []]);
  });

  it("nothing goes where GitHub counts more than it lists", () => {
    const { stays, goes } = planned([published, { name: "one", age: 40 }], { counted: 3 });
    expect([stays["one"], goes]).toEqual(["GitHub lists 2 of 3 versions, and another may refer to it", []]);
  });
});

describe("planRetention, when nothing would be left", () => {
  it.each<[what: string, versions: MadeUpVersion[], left: string[]]>([
    [
      "the newest stays where none has a tag",
      [
        { name: "one", age: 40 },
        { name: "two", age: 30 },
      ],
      ["two"],
    ],
    [
      "the newest list stays, with all of its image, where only lists have tags",
      [...signedIndex("old", [], 50), ...signedIndex("new", [], 40)],
      signedIndex("new", [], 40).map(({ name }) => name),
    ],
    ["nothing is done with a package that holds nothing", [], []],
  ])("%s", (_, versions, left) => {
    expect(Object.keys(planned(versions).stays).toSorted()).toEqual(left.toSorted());
  });
});

describe("planRetention, when things refer to each other in a circle", () => {
  it("they stay, with all that they refer to and all that is attached to them", () => {
    const { stays, goes } = planned([
      published,
      { name: "index", age: 40, lists: ["list", "one"] },
      { name: "list", tags: ["sha256-@index"], age: 40, lists: [] },
      { name: "one", age: 40 },
      { name: "signature", age: 40, subject: "index" },
    ]);
    expect(goes).toEqual([]);
    expect(stays["one"]).toBe("something refers to it in a circle");
  });
});

describe("planRetention, when a registry gets bytes back", () => {
  const versions: MadeUpVersion[] = [
    { ...published, layers: ["base", "app-1"] },
    { name: "one", age: 40, layers: ["base", "app-2"] },
    { name: "two", age: 50, layers: ["app-2", "app-3"] },
  ];

  it("layers that something kept shares do not count, and those of two that go count once", () => {
    const manifests = versions.slice(1).reduce((sum, version) => sum + manifestOf(version).length, 0);
    expect(planned(versions).plan.freed).toBe(2000 + manifests);
  });
});

describe("planRetention, when it is called twice", () => {
  it("a manifest that was pushed again counts with its index, and nothing more goes the second time", () => {
    const versions: MadeUpVersion[] = [
      published,
      { name: "other", age: 5 },
      { name: "index", age: 6, lists: ["pushed-again"] },
      { name: "pushed-again", age: 0.5 },
    ];
    const rule = { keepLast: 1, olderThan: 1 };
    expect(planned(versions, { rule }).goes).toEqual(["other"]);
    expect(planned(versions.toSpliced(1, 1), { rule }).goes).toEqual([]);
  });

  it("does not change what it was asked", () => {
    const question = questionOf([published, ...signedIndex("lost", [], 90)]);
    const before = structuredClone(question);
    planRetention(question);
    expect(question).toEqual(before);
  });
});
