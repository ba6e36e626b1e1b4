import type { Clock } from "../machine/clock.ts";
import type { Reply, SentRequest } from "../machine/network.ts";
import { settled } from "../machine/settled.ts";
import { Observer } from "../rules/observer.ts";
import type { Effect } from "../rules/history.ts";
import type { Lane } from "../runs/lane.ts";
import { repository } from "../runs/lane.ts";
import { ReleaseRun } from "../runs/release-run.ts";
import { World } from "../world/world.ts";
import type { WorldOptions } from "../world/world.ts";
import type { Act } from "./person.ts";

/** The body of an upload broke off. */
export class BrokenUpload extends Error {}

/** A simulated world with its runs: requests take effect one after the other, and the observer sees what each has changed. */
export class Simulation {
  readonly clock: Clock;
  readonly world: World;
  readonly observer: Observer;
  readonly runs: ReleaseRun[] = [];
  /** What took effect, a line each: equal seeds have equal traces. */
  readonly trace: string[] = [];
  /** What the person has done, by kind. */
  readonly acts = new Set<Act>();
  /** Requests that took effect. */
  requests = 0;
  /** Called when a run is over. */
  onEnd: (run: ReleaseRun) => void = () => {};
  readonly #unjudged: Effect[] = [];
  readonly #answered: Effect[] = [];
  readonly #over = new Set<ReleaseRun>();
  #effects = 0;

  private constructor(clock: Clock, world: World, signed: boolean) {
    this.clock = clock;
    this.world = world;
    this.observer = new Observer(world, signed);
  }

  static async open(clock: Clock, signed: boolean, options: WorldOptions): Promise<Simulation> {
    clock.reset();
    const world = await World.open(repository, options);
    await world.gitHub.readTags();
    return new Simulation(clock, world, signed);
  }

  /** Begins a run of a lane. */
  begin(name: string, lane: Lane): ReleaseRun {
    const run = new ReleaseRun(name, lane);
    this.runs.push(run);
    this.trace.push(`${this.clock.elapsed()} ${name} begins`);
    run.start();
    return run;
  }

  /** The run that a request belongs to. */
  runOf({ process }: SentRequest): ReleaseRun | undefined {
    return this.runs.find((run) => run.process === process);
  }

  /**
   * Has a request take effect now.
   * @param body how the body of an upload arrives; default: at once
   * @param done gets the answer, and the effect that it tells of; an upload has two, its name and its bytes
   */
  async takeEffect(
    request: SentRequest,
    done: (reply: Reply, effect: Effect) => void,
    body?: () => Promise<Buffer>,
  ): Promise<void> {
    let effect = this.#note(request);
    const note = (): Effect => this.#note(request);
    const bytes = async function* (): AsyncGenerator<Buffer> {
      if (body !== undefined) {
        const whole = await body();
        effect = note();
        yield whole;
      } else if (request.body.length > 0) {
        yield request.body;
      }
    };
    let reply: Reply;
    try {
      reply = await this.world.serve(request, bytes);
    } catch (error) {
      if (!(error instanceof BrokenUpload)) {
        throw error;
      }
      request.breakOff();
      return;
    }
    effect.status = reply.status;
    done(reply, effect);
  }

  /** A run gets an answer. */
  answer(request: SentRequest, reply: Reply, effect: Effect): void {
    if (!request.process.dead) {
      this.#answered.push(effect);
    }
    request.answer(reply);
  }

  /** A person does something. */
  personActs(what: string): void {
    this.#unjudged.push(this.#effect("person", what, undefined));
  }

  /** Does something, waits until nothing moves, and judges what has happened. */
  async turn(act: () => unknown): Promise<void> {
    await act();
    await settled();
    for (const effect of this.#unjudged.splice(0)) {
      const { time, by, step, request, status } = effect;
      const what = request === undefined ? step : `${request.method} ${request.url.pathname}${request.url.search}`;
      this.trace.push(`${time} ${by} [${step}] ${what} ${status}`);
      if (request !== undefined && ["GET", "HEAD"].includes(request.method)) {
        continue;
      }
      await this.world.gitHub.readTags();
      this.world.gitHub.noteList(Date.now());
      this.observer.judge(effect);
    }
    // What a run was told counts after what it did before.
    for (const effect of this.#answered.splice(0)) {
      this.observer.answered(effect);
    }
    for (const run of this.runs) {
      if (run.outcome !== undefined && !this.#over.has(run)) {
        this.#over.add(run);
        this.trace.push(`${this.clock.elapsed()} ${run.process.name} ${run.outcome.ended}`);
        if (run.outcome.ended === "succeeded") {
          this.observer.succeeded(run.process.name);
        }
        this.onEnd(run);
      }
    }
  }

  #note(request: SentRequest): Effect {
    this.requests += 1;
    const effect = this.#effect(request.process.name, request.step, request);
    this.#unjudged.push(effect);
    return effect;
  }

  #effect(by: string, step: string, request: SentRequest | undefined): Effect {
    this.#effects += 1;
    return { number: this.#effects, time: this.clock.elapsed(), by, step, request, status: 0 };
  }
}
