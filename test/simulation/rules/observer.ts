import { compare } from "semver";
import { readOwner } from "../../../formats/release/release-mark.ts";
import type { World } from "../world/world.ts";
import { History } from "./history.ts";
import type { Effect } from "./history.ts";
import { findBrokenReleases, findUnsignedTags } from "./promises.ts";
import type { Broken, Promised } from "./promises.ts";
import { seeThings } from "./things.ts";
import type { Things } from "./things.ts";

/** What an observer of the world has to say. */
export interface Finding {
  rule: Rule;
  /** Whether docs/limits.md admits it: the run could not know. */
  limit: boolean;
  words: string;
  /** Number of the effect. */
  effect: number;
}

/** The invariants of the design, and what else a run owes. */
export type Rule =
  | "I1 a public Release is whole"
  | "I2 a version tag is signed"
  | "I3 a version tag does not move"
  | "I4 Latest does not go back"
  | "I5 nothing published is deleted"
  | "I7 reruns converge"
  | "one draft for each run"
  | "a twin does not fail"
  | "success means whole";

/** Looks at the world after every effect, as someone from outside could, and judges who could have known. */
export class Observer {
  readonly findings: Finding[] = [];
  /** Every state of the world that was seen, without the numbers and digests that differ from schedule to schedule. */
  readonly states = new Set<string>();
  readonly #world: World;
  readonly #signed: boolean;
  readonly #history = new History();
  readonly #promised: Promised = new Map();
  #things: Things;
  #broken = new Set<string>();

  constructor(world: World, signed: boolean) {
    this.#world = world;
    this.#signed = signed;
    this.#things = seeThings(world);
  }

  /** Judges an effect, directly after it. */
  judge(effect: Effect): void {
    const before = this.#things;
    const now = seeThings(this.#world);
    this.#things = now;
    this.states.add(describeState(now));
    const wasDraft = (id: string) => before.get(`release ${id}`) === "draft";
    if (effect.by !== "person") {
      this.#judgeTags(effect, before, now);
      this.#judgeDeletions(effect, before, now, wasDraft);
      this.#judgeLatest(effect, before, now);
      this.#judgeDrafts(effect, before, now);
    }
    this.#judgePromises(effect);
    this.#history.changed(effect, before, now);
  }

  /** A run got the answer to an effect. */
  answered(effect: Effect): void {
    this.#history.answered(effect);
  }

  /** Adds a finding about a whole run or schedule. */
  add(rule: Rule, words: string, limit = false): void {
    this.findings.push({ rule, limit, words, effect: 0 });
  }

  /** A run has succeeded: what it published must be whole, unless it was changed after the run's last look. */
  succeeded(name: string): void {
    for (const { thing, by = thing, words } of this.#findBroken()) {
      const run = { by: name, step: "" };
      const limit = this.#history.isExcused(run, thing) || this.#history.isExcused(run, by);
      this.findings.push({ rule: "success means whole", limit, words: `${name} succeeded: ${words}`, effect: 0 });
    }
  }

  /** What is broken now. */
  brokenNow(): string[] {
    return this.#findBroken().map(({ words }) => words);
  }

  #findBroken(): Broken[] {
    return [...findBrokenReleases(this.#world, this.#promised), ...(this.#signed ? findUnsignedTags(this.#world) : [])];
  }

  #judgePromises(effect: Effect): void {
    const broken = [
      ...findBrokenReleases(this.#world, this.#promised).map((one) => ({
        ...one,
        rule: "I1 a public Release is whole" as const,
      })),
      ...(this.#signed ? findUnsignedTags(this.#world) : []).map((one) => ({
        ...one,
        rule: "I2 a version tag is signed" as const,
      })),
    ];
    if (effect.by !== "person") {
      for (const { rule, thing, words, by } of broken.filter((one) => !this.#broken.has(one.words))) {
        const limit =
          this.#history.isExcused(effect, thing) ||
          // A person changed the file of a signature. The tag of a digest that has no signature excuses nothing: it is what the run writes.
          (by?.startsWith("asset ") === true && this.#history.isExcused(effect, by)) ||
          this.#history.isExcusedByLastAnswer(effect, thing) ||
          // A run writes the tag that a person deleted: it is free again.
          (thing.startsWith("tag ") && this.#history.wasChangedByPerson(thing));
        this.#find(rule, effect, words, limit);
      }
    }
    this.#broken = new Set(broken.map(({ words }) => words));
  }

  #judgeTags(effect: Effect, before: Things, now: Things): void {
    for (const [thing, value] of before) {
      const after = now.get(thing);
      if (/^(tag|git) /.test(thing) && after !== value) {
        // OCI has no compare-and-set: if the look was the last thing before the write, nothing more can be done.
        const limit =
          thing.startsWith("tag ") && after !== undefined && this.#history.isExcusedByLastAnswer(effect, thing);
        this.#find(
          "I3 a version tag does not move",
          effect,
          `${thing} moved from ${value} to ${after ?? "nothing"}`,
          limit,
        );
      }
    }
  }

  #judgeDeletions(effect: Effect, before: Things, now: Things, wasDraft: (id: string) => boolean): void {
    for (const [thing, value] of before) {
      const [kind, id = ""] = thing.split(" ");
      // No one can download an upload that broke off: it counts as no file.
      const isWhole = kind === "asset" && value !== "starter" && !wasDraft(id);
      const published = kind === "release" ? value === "public" : isWhole;
      if (published && !now.has(thing) && !this.#wasBrokenSignature(thing)) {
        const limit = this.#history.isExcusedByLastAnswer(effect, `release ${id}`);
        this.#find("I5 nothing published is deleted", effect, `${thing} of a public Release was deleted`, limit);
      }
    }
  }

  /** A signature that does not verify may be replaced, and the bare one with it: no one can have relied on it. */
  #wasBrokenSignature(thing: string): boolean {
    const file = /^asset \d+ (.+)\.(?:sigstore\.json|sig)$/.exec(thing)?.[1];
    return file !== undefined && [...this.#broken].some((words) => words.endsWith(`a valid signature of ${file}`));
  }

  #judgeLatest(effect: Effect, before: Things, now: Things): void {
    const [was, is] = [before.get("latest"), now.get("latest")];
    if (was === undefined || is === was) {
      return;
    }
    const back = is === undefined || compare(is, was) < 0;
    if (back) {
      const release = this.#world.gitHub.releases().find(({ tag, draft }) => tag === was && !draft);
      const limit =
        release !== undefined &&
        (this.#history.isExcused(effect, `release ${release.id}`) || this.#history.isExcused(effect, "latest"));
      this.#find("I4 Latest does not go back", effect, `Latest went from ${was} to ${is ?? "nothing"}`, limit);
    }
  }

  /** A run that could know of our draft does not make another one. */
  #judgeDrafts(effect: Effect, before: Things, now: Things): void {
    const made = [...now.keys()].filter((thing) => thing.startsWith("release ") && !before.has(thing));
    for (const thing of made) {
      const releases = this.#world.gitHub.releases();
      const draft = releases.find(({ id }) => thing === `release ${id}`);
      const others = releases.filter(
        (other) => other.id !== draft?.id && other.tag === draft?.tag && readOwner(other.body ?? "") !== undefined,
      );
      for (const other of others) {
        const limit = this.#history.isExcused(effect, `release ${other.id}`) || this.#world.listsLag;
        this.#find("one draft for each run", effect, `a second draft of ${draft?.tag} was made`, limit);
      }
    }
  }

  #find(rule: Rule, { by, step, number }: Effect, words: string, limit: boolean): void {
    this.findings.push({ rule, limit, words: `${by}, ${step}: ${words}`, effect: number });
  }
}

function describeState(things: Things): string {
  const names = new Map<string, string>();
  const rename = (text: string): string =>
    text.replaceAll(/sha256:[0-9a-f]{64}|\b\d{4,}\b|\b[0-9a-f]{40}\b/g, (name) => {
      const known = names.get(name) ?? `#${names.size}`;
      names.set(name, known);
      return known;
    });
  return [...things].map(([thing, value]) => rename(`${thing} = ${value}`)).join("\n");
}
