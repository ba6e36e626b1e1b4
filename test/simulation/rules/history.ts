import type { SentRequest } from "../machine/network.ts";
import { shows } from "./things.ts";
import type { Things } from "./things.ts";

/** Something that changed or read the world: a request that took effect, or an act of a person. */
export interface Effect {
  /** In the order of taking effect. */
  number: number;
  /** Milliseconds since the schedule began. */
  time: number;
  /** Name of the run; `person`. */
  by: string;
  step: string;
  /** Undefined for a person. */
  request: SentRequest | undefined;
  /** Status of the answer. */
  status: number;
}

/**
 * Who changed what, and who could know. A run is excused if something was changed after it had looked, and it had looked after its own last
 * write: no look can be later than the last.
 */
export class History {
  /** By thing: the last change. */
  readonly #changes = new Map<string, Effect>();
  /** By run: looks that were answered, each with its request. */
  readonly #looks = new Map<string, Effect[]>();
  /** By run and step, and by run and thing: number of the last write. */
  readonly #writes = new Map<string, number>();
  /** By run and step: the last request that was answered. */
  readonly #answered = new Map<string, Effect>();

  /** Notes what an effect changed. */
  changed(effect: Effect, before: Things, now: Things): string[] {
    const things = [...new Set([...before.keys(), ...now.keys()])].filter(
      (thing) => before.get(thing) !== now.get(thing),
    );
    for (const thing of things) {
      this.#changes.set(thing, effect);
      this.#writes.set(`${effect.by} / ${thing}`, effect.number);
    }
    if (things.length > 0) {
      this.#writes.set(`${effect.by} ${effect.step}`, effect.number);
    }
    return things;
  }

  /** Notes that a run got its answer. */
  answered(effect: Effect): void {
    this.#answered.set(`${effect.by} ${effect.step}`, effect);
    const looks = this.#looks.get(effect.by) ?? [];
    this.#looks.set(effect.by, looks);
    if (effect.request !== undefined && ["GET", "HEAD"].includes(effect.request.method)) {
      looks.push(effect);
    }
  }

  /** Whether someone else changed a thing after the run could know of it. Ask before the effect itself is noted as a change. */
  isExcused({ by, step }: Pick<Effect, "by" | "step">, thing: string): boolean {
    const change = this.#changes.get(thing);
    if (change === undefined || change.by === by) {
      return false;
    }
    const ownWrite = Math.max(this.#writes.get(`${by} ${step}`) ?? 0, this.#writes.get(`${by} / ${thing}`) ?? 0);
    const looks = (this.#looks.get(by) ?? []).filter(({ request }) => request && shows(request, thing));
    return (
      looks.some(({ number }) => number > ownWrite && number < change.number) &&
      !looks.some(({ number }) => number > change.number)
    );
  }

  /** Whether the last answer that the step got shows the thing, and someone else has changed it since. */
  isExcusedByLastAnswer({ by, step }: Pick<Effect, "by" | "step">, thing: string): boolean {
    const change = this.#changes.get(thing);
    const last = this.#answered.get(`${by} ${step}`);
    return (
      change !== undefined &&
      change.by !== by &&
      last?.request !== undefined &&
      shows(last.request, thing) &&
      last.number < change.number
    );
  }

  /** Whether a person was the last to change a thing. */
  wasChangedByPerson(thing: string): boolean {
    return this.#changes.get(thing)?.by === "person";
  }
}
