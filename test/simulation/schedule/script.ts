import { seededRandom } from "../../formats/seeded-random.ts";
import type { Clock } from "../machine/clock.ts";
import { installNetwork } from "../machine/network.ts";
import type { SentRequest } from "../machine/network.ts";
import type { Finding } from "../rules/observer.ts";
import type { Lane } from "../runs/lane.ts";
import type { Outcome, ReleaseRun } from "../runs/release-run.ts";
import { Simulation } from "./simulation.ts";
import type { World } from "../world/world.ts";

/** A violation that was found once, as a script: whose request comes next. Unlike a seed, it keeps its meaning when a request is added. */
export interface Story {
  /** What must not happen, as the title of a test. */
  title: string;
  signed: boolean;
  /** Whether two builds of one commit give the same digest. */
  reproducible: boolean;
  /** Whether the registry has the referrers API. Default: it has. */
  hasReferrers?: boolean;
  play(script: Script): Promise<void>;
}

/** How a story ended. */
export interface Ending {
  title: string;
  findings: Finding[];
  /** By run: how it ended, or the words of its first error. */
  outcomes: Record<string, string>;
}

/** The next request of a run that a script waits for: its step, then method and address. */
type Wanted = RegExp;

/** Plays a story. */
export async function playStory(
  clock: Clock,
  { title, signed, reproducible, hasReferrers = true, play }: Story,
): Promise<Ending> {
  const random = seededRandom(1);
  Math.random = () => random(2 ** 30) / 2 ** 30;
  const simulation = await Simulation.open(clock, signed, { hasReferrers, lag: undefined });
  const script = new Script(simulation, { signed, reproducible });
  await play(script);
  return {
    title,
    findings: simulation.observer.findings.filter(({ limit }) => !limit),
    outcomes: Object.fromEntries(simulation.runs.map((run) => [run.process.name, describe(run.outcome)])),
  };
}

/** Moves the runs of a story. */
export class Script {
  readonly #simulation: Simulation;
  readonly #kind: Pick<Lane, "signed" | "reproducible">;
  #waiting: SentRequest[] = [];

  constructor(simulation: Simulation, kind: Pick<Lane, "signed" | "reproducible">) {
    this.#simulation = simulation;
    this.#kind = kind;
    installNetwork((request) => void this.#waiting.push(request));
  }

  /** Begins a run of a version: 2.0.0 is of a later commit than all others. */
  async begin(name: string, version = "1.2.3"): Promise<void> {
    const [older, newer] = this.#simulation.world.commits;
    const commit = version === "2.0.0" ? newer : older;
    const state = { resources: new Map(), outputs: undefined };
    const lane = { ...this.#kind, name: version, version, commit, state };
    await this.#simulation.turn(() => this.#simulation.begin(name, lane));
  }

  /**
   * Answers a run's requests, in the order in which it sent them, until it waits for the wanted one.
   * @throws Error if the run ends first
   */
  async until(name: string, wanted: Wanted): Promise<void> {
    while (this.#find(name, wanted) === undefined) {
      if (!(await this.#move(name))) {
        throw new Error(`${name} ended before ${wanted}: ${describe(this.#run(name).outcome)}`);
      }
    }
  }

  /** Answers the wanted request, which the run waits for. */
  async pass(name: string, wanted: Wanted): Promise<void> {
    await this.#serve(this.#require(name, wanted));
  }

  /**
   * Has only the name of an upload arrive.
   * @returns has its bytes arrive
   */
  async passName(name: string, wanted: Wanted): Promise<() => Promise<void>> {
    const request = this.#require(name, wanted);
    let arrive: () => void = () => {};
    const bytes = new Promise<Buffer>((resolve) => (arrive = () => resolve(request.body)));
    await this.#simulation.turn(
      () =>
        void this.#simulation.takeEffect(
          request,
          (reply, effect) => this.#simulation.answer(request, reply, effect),
          () => bytes,
        ),
    );
    return () => this.#simulation.turn(arrive);
  }

  /** Answers a run's requests until it is over. */
  async toEnd(name: string): Promise<void> {
    while (await this.#move(name)) {
      // Each turn answers one request, or moves the clock.
    }
  }

  /** Kills a run where it is. */
  async kill(name: string): Promise<void> {
    this.#waiting = this.#waiting.filter(({ process }) => process.name !== name);
    await this.#simulation.turn(() => this.#run(name).kill());
  }

  /** Has a person do something. */
  async person(what: string, act: (world: World) => void): Promise<void> {
    await this.#simulation.turn(() => {
      act(this.#simulation.world);
      this.#simulation.personActs(what);
    });
  }

  /** The tag that GitHub must call the latest now. */
  expectLatest(tag: string): void {
    const latest = this.#simulation.world.gitHub.latest();
    if (latest !== tag) {
      this.#simulation.observer.add("I4 Latest does not go back", `Latest is ${latest}, not ${tag}`);
    }
  }

  /** The run must have succeeded. */
  expectSuccess(name: string): void {
    const { outcome } = this.#run(name);
    if (outcome?.ended !== "succeeded") {
      this.#simulation.observer.add("I7 reruns converge", `${name}: ${describe(outcome)}`);
    }
  }

  /** Answers the run's next request, or moves to the next timer; false if the run is over. */
  async #move(name: string): Promise<boolean> {
    if (this.#run(name).outcome !== undefined) {
      return false;
    }
    const request = this.#waiting.find(({ process }) => process.name === name);
    if (request !== undefined) {
      await this.#serve(request);
    } else {
      await this.#simulation.turn(() => {
        if (!this.#simulation.clock.next()) {
          throw new Error(`${name} waits for nothing`);
        }
      });
    }
    return true;
  }

  async #serve(request: SentRequest): Promise<void> {
    this.#waiting = this.#waiting.filter((other) => other !== request);
    await this.#simulation.turn(
      () =>
        void this.#simulation.takeEffect(request, (reply, effect) => this.#simulation.answer(request, reply, effect)),
    );
  }

  #find(name: string, wanted: Wanted): SentRequest | undefined {
    return this.#waiting.find(
      ({ process, step, method, url }) =>
        process.name === name && wanted.test(`${step} ${method} ${url.pathname}${url.search}`),
    );
  }

  #require(name: string, wanted: Wanted): SentRequest {
    const request = this.#find(name, wanted);
    if (request === undefined) {
      throw new Error(`${name} does not wait for ${wanted}`);
    }
    this.#waiting = this.#waiting.filter((other) => other !== request);
    return request;
  }

  #run(name: string): ReleaseRun {
    const run = this.#simulation.runs.find(({ process }) => process.name === name);
    if (run === undefined) {
      throw new Error(`there is no run ${name}`);
    }
    return run;
  }
}

function describe(outcome: Outcome | undefined): string {
  if (outcome?.ended !== "failed") {
    return outcome?.ended ?? "runs";
  }
  const [error] = outcome.errors;
  return error instanceof Error ? error.message : String(error);
}
