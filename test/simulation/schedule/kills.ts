import { seededRandom } from "../../formats/seeded-random.ts";
import type { Clock } from "../machine/clock.ts";
import { installNetwork } from "../machine/network.ts";
import type { SentRequest } from "../machine/network.ts";
import type { Finding } from "../rules/observer.ts";
import type { Lane } from "../runs/lane.ts";
import { laneChart } from "../runs/lane-chart.ts";
import type { ReleaseRun } from "../runs/release-run.ts";
import { isUpload } from "../world/world.ts";
import { BrokenUpload, Simulation } from "./simulation.ts";

/** What a release of a chart is like, and where the next run finds the branch. */
export interface ChartWorld {
  signed: boolean;
  /** Whether the registry keeps lists of referrers. */
  hasReferrers: boolean;
  /** Whether the branch has a new commit, which does not touch the chart, when the next run begins. */
  movesOn: boolean;
  /** Whether the next run has the state of the killed one. */
  keepsState: boolean;
}

/** Where a run is killed. */
export interface Kill extends ChartWorld {
  /** The number of the request, from 1. */
  at: number;
  moment: Moment;
}

/**
 * When the run dies: before the request arrives, while the bytes of an upload arrive (its name is there then), or after the request took effect.
 * Its answer never comes.
 */
export type Moment = "before" | "within" | "after";

/** What came of it. */
export interface KillResult {
  kill: Kill;
  /** Method and address of the request at which the run was killed. */
  request: string;
  /** What is wrong; empty if all is well. */
  wrong: string[];
}

/** Every world. */
export const chartWorlds: readonly ChartWorld[] = [false, true].flatMap((signed) =>
  [false, true].flatMap((hasReferrers) =>
    [
      { movesOn: false, keepsState: true },
      { movesOn: false, keepsState: false },
      { movesOn: true, keepsState: true },
    ].map((next) => ({ signed, hasReferrers, ...next })),
  ),
);

/** Every kill of a release of a chart: nothing disturbs it until then, so that its requests are those of a whole release. */
export async function listKills(clock: Clock, world: ChartWorld): Promise<Kill[]> {
  const play = await ChartPlay.open(clock, world);
  const run = await play.begin("A");
  const requests = await play.toEnd(run);
  if (run.outcome?.ended !== "succeeded") {
    throw new Error(describeEnd(run));
  }
  return requests.flatMap((request, index) =>
    (isUpload(request) ? (["before", "within", "after"] as const) : (["before", "after"] as const)).map((moment) => ({
      ...world,
      at: index + 1,
      moment,
    })),
  );
}

/**
 * Releases a chart, kills the run at a request, and runs again. That run must succeed and make everything public, once; the next one must find
 * nothing to do. In between the rules are watched after every effect.
 */
export async function playKill(clock: Clock, kill: Kill): Promise<KillResult> {
  const play = await ChartPlay.open(clock, kill);
  const request = (await play.toEnd(await play.begin("A"), kill)).at(-1);
  play.goOn(kill);
  const again = await play.begin("B");
  await play.toEnd(again);
  const check = await play.begin("C");
  const writes = (await play.toEnd(check)).filter(({ method }) => method !== "GET" && method !== "HEAD");
  const wrong = [
    ...[again, check].flatMap((run) => (run.outcome?.ended === "succeeded" ? [] : [describeEnd(run)])),
    ...writes.map((write) => `the last run still writes: ${describeRequest(write)}`),
    ...play.findings().map(({ rule, words }) => `${rule}: ${words}`),
    ...play.leftOver(),
  ];
  return { kill, request: request === undefined ? "" : describeRequest(request), wrong };
}

/** A world in which one run after another releases the chart; each request is answered before the next. */
class ChartPlay {
  readonly #simulation: Simulation;
  #lane: Lane;
  #waiting: SentRequest[] = [];

  private constructor(simulation: Simulation, signed: boolean) {
    this.#simulation = simulation;
    const [commit] = simulation.world.commits;
    const state = { resources: new Map(), outputs: undefined };
    this.#lane = {
      name: "charts",
      releases: "chart",
      version: laneChart.version,
      commit,
      signed,
      reproducible: true,
      state,
    };
    installNetwork((request) => void this.#waiting.push(request));
  }

  static async open(clock: Clock, { signed, hasReferrers }: ChartWorld): Promise<ChartPlay> {
    const random = seededRandom(1);
    Math.random = () => random(2 ** 30) / 2 ** 30;
    return new ChartPlay(await Simulation.open(clock, signed, { hasReferrers, lag: undefined }), signed);
  }

  async begin(name: string): Promise<ReleaseRun> {
    await this.#simulation.turn(() => this.#simulation.begin(name, this.#lane));
    return this.#simulation.runs.at(-1)!;
  }

  /** What is different for the next run. */
  goOn({ movesOn, keepsState }: ChartWorld): void {
    const [parent, commit] = this.#simulation.world.commits;
    const { state } = this.#lane;
    this.#lane = {
      ...this.#lane,
      ...(movesOn ? { commit, parent } : {}),
      state: keepsState ? state : { resources: new Map(), outputs: undefined },
    };
  }

  /** Answers a run's requests until it is over or killed. @returns those that it had sent until then, in their order */
  async toEnd(run: ReleaseRun, kill?: Kill): Promise<SentRequest[]> {
    const simulation = this.#simulation;
    const served: SentRequest[] = [];
    while (run.outcome === undefined) {
      const request = this.#waiting.shift();
      if (request === undefined) {
        await simulation.turn(() => {
          if (!simulation.clock.next()) {
            throw new Error(`${run.process.name} waits for nothing`);
          }
        });
        continue;
      }
      served.push(request);
      await simulation.turn(() =>
        served.length === kill?.at ? this.#die(run, request, kill.moment) : this.#serve(request),
      );
    }
    this.#waiting = [];
    return served;
  }

  #serve(request: SentRequest): void {
    void this.#simulation.takeEffect(request, (reply, effect) => this.#simulation.answer(request, reply, effect));
  }

  #die(run: ReleaseRun, request: SentRequest, moment: Moment): void {
    if (moment === "before") {
      return run.kill();
    }
    const bytes = async (): Promise<Buffer> => {
      run.kill();
      throw new BrokenUpload("the upload broke off");
    };
    void this.#simulation.takeEffect(request, () => run.kill(), moment === "within" ? bytes : undefined);
  }

  findings(): Finding[] {
    return this.#simulation.observer.findings.filter(({ limit }) => !limit);
  }

  /** What is missing, or there beside the one public Release. */
  leftOver(): string[] {
    const { world, observer } = this.#simulation;
    const releases = world.gitHub.releases().map(({ tag, draft }) => `${draft ? "draft" : "public"} ${tag}`);
    const wanted = `public widgets-v${laneChart.version}`;
    return [
      ...observer.brokenNow(),
      ...(releases.join() === wanted ? [] : [`in the end there is not one Release, but: ${releases.join(", ")}`]),
      ...(world.gitHub.latest() === undefined ? [] : ["a chart is Latest"]),
    ];
  }
}

function describeRequest({ method, url }: SentRequest): string {
  return `${method} ${url.pathname}${url.search}`;
}

function describeEnd({ process, outcome }: ReleaseRun): string {
  const words = outcome?.ended === "failed" ? outcome.errors.map(String).join("\n") : outcome?.ended;
  return `${process.name}: ${words}`;
}
