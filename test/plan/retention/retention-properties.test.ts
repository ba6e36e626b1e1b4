import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { named, planned } from "../made-up-package.ts";
import type { MadeUpVersion } from "../made-up-package.ts";

/** A package and what is asked of it. */
interface Case {
  versions: MadeUpVersion[];
  /** Names that a Release names. */
  released: string[];
  keepLast: number;
  olderThan: number;
}

const some = (most: number) => fc.array(fc.nat(), { maxLength: most });

/** What one manifest is made of; numbers choose among those before it. */
const part = fc.record({
  age: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: -9, max: 20 }).map((tenths) => tenths / 10) },
  ),
  lists: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some(3) }),
  subject: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
  annotated: fc.oneof({ weight: 8, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: some(2) }),
  listOf: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat() }),
  ofGone: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  tags: fc.oneof(
    { weight: 12, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(["1.0.0", "latest", "1", "pr-7"], { minLength: 1, maxLength: 2 }) },
  ),
  layers: fc.subarray(["base", "shared", "app", "docs"]),
  released: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** A registry's package: indexes (nested ones too), images with shared layers, attached things, lists of them, records. */
const cases = fc
  .record({
    parts: fc.array(part, { maxLength: 16, size: "max" }),
    keepLast: fc.nat({ max: 3 }),
    olderThan: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ parts, keepLast, olderThan }): Case => {
    const before = (at: number, choice: number): string[] => (at === 0 ? [] : [`m${choice % at}`]);
    const subjectOf = (at: number, gone: boolean, choice: number | undefined): string[] =>
      choice === undefined ? [] : gone ? ["gone"] : before(at, choice);
    const taken = new Set<string>();
    const versions = parts.map((one, at): MadeUpVersion => {
      const [subject] = subjectOf(at, one.ofGone, one.subject);
      const tags = [...one.tags, ...subjectOf(at, one.ofGone, one.listOf).map((name) => `sha256-@${name}`)];
      return {
        name: `m${at}`,
        age: one.age,
        // A tag names one manifest.
        tags: tags.filter((tag) => !taken.has(tag) && taken.add(tag)),
        ...(one.lists === undefined ? {} : { lists: one.lists.flatMap((choice) => before(at, choice)) }),
        ...(subject === undefined ? {} : { subject }),
        annotated: one.annotated.flatMap((choice) => before(at, choice)),
        layers: one.layers,
      };
    });
    return { versions, released: parts.flatMap((one, at) => (one.released ? [`m${at}`] : [])), keepLast, olderThan };
  });

function decide({ versions, released, keepLast, olderThan }: Case) {
  return planned(versions, {
    named: new Map(released.map((name) => [named(name), "a Release names it"])),
    rule: { keepLast, olderThan },
  });
}

const isOwn = (tag: string): boolean => !tag.startsWith("sha256-");
const ownTags = ({ tags = [] }: MadeUpVersion): string[] => tags.filter(isOwn);

function attachedTo({ subject, tags = [] }: MadeUpVersion): string[] {
  return [...(subject === undefined ? [] : [subject]), ...tags.flatMap((tag) => (isOwn(tag) ? [] : [tag.slice(8)]))];
}

function refersTo(version: MadeUpVersion): string[] {
  const names = [...(version.lists ?? []), ...(version.annotated ?? []), ...attachedTo(version)];
  return names.filter((name) => name !== "gone");
}

/** Names that grow until nothing is added: slow, and not the way in which the plan does it. */
function grown(start: Iterable<string>, grow: (names: ReadonlySet<string>) => string[]): Set<string> {
  const names = new Set(start);
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const name of grow(names)) {
      names.add(name);
    }
  }
  return names;
}

/** All that must stay because these do. */
function keptBy(versions: readonly MadeUpVersion[], names: Iterable<string>): Set<string> {
  return grown(names, (kept) => [
    ...versions.filter(({ name }) => kept.has(name)).flatMap(refersTo),
    ...versions.filter((one) => attachedTo(one).some((to) => kept.has(to))).map(({ name }) => name),
  ]);
}

const newerFirst = (a: MadeUpVersion, b: MadeUpVersion): number => a.age - b.age || number(b) - number(a);
const number = ({ name }: MadeUpVersion): number => Number(name.slice(1));

/** What stays by itself, whatever refers to what. */
function roots({ versions, released, keepLast, olderThan }: Case): Set<string> {
  const cut = Math.max(1, olderThan);
  const young = versions.filter(({ age }) => age < cut).map(({ name }) => name);
  const aboveYoung = grown(young, (names) =>
    versions.filter((one) => refersTo(one).some((name) => names.has(name))).map(({ name }) => name),
  );
  const sorted = versions.toSorted(newerFirst);
  const tagged = sorted.filter(({ tags = [] }) => tags.length > 0);
  const last = tagged.find((one) => ownTags(one).length > 0) ?? tagged[0] ?? sorted[0];
  const ageless = [
    ...released,
    ...versions.filter((one) => ownTags(one).length > 0).map(({ name }) => name),
    ...(last === undefined ? [] : [last.name]),
  ];
  const newest: string[] = [];
  for (const { name } of sorted.filter((one) => attachedTo(one).length === 0)) {
    if (newest.length < keepLast && !keptBy(versions, [...ageless, ...newest]).has(name)) {
      newest.push(name);
    }
  }
  return new Set([...ageless, ...aboveYoung, ...newest]);
}

const holds = (property: (given: Case) => void): void => {
  fc.assert(fc.property(cases, property), { numRuns: 300, seed: 20261121 });
};

describe("planRetention, when a package holds anything at all", () => {
  it("goes exactly what nothing that stays by itself reaches", () => {
    holds((given) => {
      const kept = keptBy(given.versions, roots(given));
      const expected = given.versions.map(({ name }) => name).filter((name) => !kept.has(name));
      expect(decide(given).goes.toSorted()).toEqual(expected.toSorted());
    });
  });

  it("each version either goes or stays", () => {
    holds((given) => {
      const { goes, stays } = decide(given);
      expect([...goes, ...Object.keys(stays)].toSorted()).toEqual(given.versions.map(({ name }) => name).toSorted());
    });
  });

  it("nothing goes that anything which stays reaches", () => {
    holds((given) => {
      const { goes, stays } = decide(given);
      const kept = keptBy(given.versions, Object.keys(stays));
      expect(goes.filter((name) => kept.has(name))).toEqual([]);
    });
  });

  it("more goes only where fewer of the last are kept", () => {
    holds((given) => {
      const fewer = new Set(decide(given).goes);
      const more = decide({ ...given, keepLast: given.keepLast + 1 }).goes;
      expect(more.filter((name) => !fewer.has(name))).toEqual([]);
    });
  });

  it("more goes only where younger things may go", () => {
    holds((given) => {
      const younger = new Set(decide(given).goes);
      const older = decide({ ...given, olderThan: given.olderThan + 2 }).goes;
      expect(older.filter((name) => !younger.has(name))).toEqual([]);
    });
  });

  it("nothing goes the second time", () => {
    holds((given) => {
      const goes = new Set(decide(given).goes);
      const left = given.versions.filter(({ name }) => !goes.has(name));
      expect(decide({ ...given, versions: left }).goes).toEqual([]);
    });
  });

  it("what is left of a cut-off deletion goes the next time, and nothing else", () => {
    holds((given) => {
      const { goes } = decide(given);
      const done = new Set(goes.slice(0, Math.floor(goes.length / 2)));
      const left = given.versions.filter(({ name }) => !done.has(name));
      const again = decide({ ...given, versions: left }).goes;
      expect(again.filter((name) => !goes.includes(name))).toEqual([]);
    });
  });

  it("wherever the deletion is cut off, nothing that is there refers to something deleted", () => {
    holds((given) => {
      const gone = new Set<string>();
      for (const name of decide(given).goes) {
        gone.add(name);
        const broken = given.versions.filter((one) => !gone.has(one.name) && refersTo(one).some((to) => gone.has(to)));
        expect(broken.map((one) => one.name)).toEqual([]);
      }
    });
  });

  it("nothing of one group refers to anything of another", () => {
    holds((given) => {
      const { plan } = decide(given);
      const groupOf = new Map(
        plan.goes.flatMap((group, at) => group.map(({ version }) => [version.digest, at] as const)),
      );
      const between = given.versions.flatMap((one) => {
        const from = groupOf.get(named(one.name));
        const to = refersTo(one).map((name) => groupOf.get(named(name)));
        return from === undefined ? [] : to.filter((group) => group !== undefined && group !== from);
      });
      expect(between).toEqual([]);
    });
  });

  it("GitHub is never asked to delete the last version or the last one with a tag", () => {
    holds((given) => {
      let left = given.versions;
      for (const name of decide(given).goes) {
        const after = left.filter((one) => one.name !== name);
        const isTagged = ({ tags = [] }: MadeUpVersion): boolean => tags.length > 0;
        expect(after.length).toBeGreaterThan(0);
        expect(after.some(isTagged)).toBe(left.some(isTagged));
        left = after;
      }
    });
  });

  it("a registry gets back no more than what nothing that stays has", () => {
    holds((given) => {
      const { goes, plan } = decide(given);
      const layersOf = (wanted: boolean): string[] =>
        given.versions
          .filter((one) => goes.includes(one.name) === wanted && one.lists === undefined)
          .flatMap(({ layers = [] }) => layers);
      const staying = new Set(layersOf(false));
      const freed = new Set(layersOf(true).filter((layer) => !staying.has(layer)));
      const manifests = plan.freed - freed.size * 1000;
      expect(manifests >= 0 && manifests < 2000 * Math.max(1, goes.length)).toBe(true);
    });
  });

  it("one manifest that cannot be read keeps all", () => {
    holds((given) => {
      const versions = [...given.versions, { name: `m${given.versions.length}`, age: 5, readable: false }];
      expect(decide({ ...given, versions }).goes).toEqual([]);
    });
  });
});

describe("the made-up packages", () => {
  it("they are not all alike: something goes in many, and something stays in many for each reason", () => {
    const reasons = new Map<string, number>();
    const count = (reason: string): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    holds((given) => {
      const { goes, stays } = decide(given);
      if (goes.length > 2) {
        count("several go");
      }
      for (const why of new Set(Object.values(stays))) {
        count(why.replace(/^m\d+ /, "").replace(/\d+/, "N"));
      }
    });
    for (const reason of [
      "several go",
      "refers to it",
      "has it attached",
      "refers to something younger",
      "a Release names it",
      "one of the N newest without a tag",
      "GitHub does not allow deleting the last version of a package",
    ]) {
      expect(reasons.get(reason) ?? 0, reason).toBeGreaterThan(30);
    }
  });
});
