import { createHash } from "node:crypto";
import { seededRandom } from "../../formats/seeded-random.ts";
import type { Clock } from "../machine/clock.ts";
import { installNetwork } from "../machine/network.ts";
import type { Finding } from "../rules/observer.ts";
import type { Lane } from "../runs/lane.ts";
import type { ReleaseRun } from "../runs/release-run.ts";
import { actByHand, acts } from "./person.ts";
import type { Act } from "./person.ts";
import { play, rest } from "./play.ts";
import type { Settings } from "./settings.ts";
import { Simulation } from "./simulation.ts";
import { Traffic } from "./traffic.ts";
import { judgeEnd, judgeFailure, waitsForPerson } from "./verdicts.ts";

/** What one schedule found. */
export interface Result {
  settings: Settings;
  findings: Finding[];
  trace: string[];
  /** sha256 over the trace: equal for equal seeds. */
  hash: string;
  /** Requests that took effect. */
  requests: number;
  /** Every state of the world that was seen, in a form in which equal ones are equal. */
  states: ReadonlySet<string>;
}

/** Runs that must end well after everything else has ended, of each lane. */
const reruns = 3;

/** Runs one schedule: the runs of a mix, then reruns of each lane alone until nothing is left to do. */
export async function runSchedule(clock: Clock, settings: Settings): Promise<Result> {
  const random = seededRandom(settings.seed);
  Math.random = () => random(2 ** 30) / 2 ** 30;
  const { signed, hasReferrers, lag } = settings;
  const simulation = await Simulation.open(clock, signed, { hasReferrers, lag });
  const traffic = new Traffic(simulation, settings, random);
  installNetwork((request) => traffic.receive(request));
  const lanes = makeLanes(settings, simulation);
  await simulation.turn(() => simulation.world.gitHub.readTags());
  await runTogether(simulation, traffic, settings, lanes, random);
  traffic.calm();
  await rest(simulation);
  let waiting = false;
  for (const lane of lanes) {
    waiting = !(await converge(simulation, traffic, lane)) || waiting;
  }
  judgeEnd(simulation, lanes, waiting);
  const { trace, requests, observer } = simulation;
  const hash = createHash("sha256").update(trace.join("\n")).digest("hex");
  return { settings, findings: observer.findings, trace, hash, requests, states: observer.states };
}

function makeLanes({ mix, signed, reproducible, gitTagExists }: Settings, { world }: Simulation): Lane[] {
  const [older, newer] = world.commits;
  const versions: [string, string][] =
    mix === "two lanes"
      ? [
          ["1.0.1", older],
          ["2.0.0", newer],
        ]
      : [["1.2.3", newer]];
  return versions.map(([version, commit], index) => {
    if (gitTagExists) {
      world.gitHub.repository.git.push(`refs/tags/v${version}`, commit);
    }
    const state = { resources: new Map(), outputs: undefined };
    return { name: `lane ${index}`, version, commit, signed, reproducible, state };
  });
}

/** The runs of the mix, side by side or, alone, one after the other until one succeeds. */
async function runTogether(
  simulation: Simulation,
  traffic: Traffic,
  settings: Settings,
  lanes: readonly Lane[],
  random: (below: number) => number,
): Promise<void> {
  const { clock, runs } = simulation;
  const { mix, keepsState } = settings;
  let expected = 0;
  const begin = (lane: Lane, attempt: number, wait: number): void => {
    expected += 1;
    const name = `${String.fromCharCode(64 + expected)}`;
    // A twin has no state but the one that a run before it left.
    const state = { resources: new Map(attempt > 1 && keepsState ? lane.state.resources : []), outputs: undefined };
    const own = { ...lane, state };
    lane.state = state;
    clock.after(wait, () => void simulation.begin(name, own));
  };
  simulation.onEnd = (run) => {
    const attempts = runs.filter(({ lane }) => lane.version === run.lane.version).length;
    const lane = lanes.find(({ version }) => version === run.lane.version);
    judgeFailure(simulation, settings, run);
    if (mix === "alone" && run.outcome?.ended !== "succeeded" && attempts < 5 && lane !== undefined) {
      begin(lane, attempts + 1, random(2000));
    }
  };
  for (const lane of lanes) {
    const count = mix === "two lanes" ? 1 + random(settings.runs) : settings.runs;
    for (let number = 0; number < count; number += 1) {
      begin(lane, 1, random(random(2) === 0 ? 50 : 6000));
    }
  }
  const person = invitePerson(simulation, settings.acts, `v${lanes[0]?.version}`, random);
  const busy = (): boolean =>
    runs.length < expected ||
    runs.some(({ outcome }) => outcome === undefined) ||
    traffic.underWay > 0 ||
    person.remaining > 0;
  await play(simulation, busy, () => person.acting);
}

/** A person who does something now and then. */
interface Person {
  /** How many acts are still to come. */
  remaining: number;
  /** The act that is being done; undefined before the first. */
  acting: Promise<void> | undefined;
}

/** Has a person do so many things at moments that are drawn. */
function invitePerson(simulation: Simulation, count: number, tag: string, random: (below: number) => number): Person {
  const { clock, world } = simulation;
  const person: Person = { remaining: count, acting: undefined };
  const doSomething = async (what: Act): Promise<void> => {
    const words = await actByHand(what, world, tag, random);
    if (words !== undefined) {
      simulation.acts.add(what);
      simulation.personActs(words);
    }
  };
  for (let number = 0; number < count; number += 1) {
    clock.after(random(15_000), () => {
      person.remaining -= 1;
      const what = acts[random(acts.length)];
      person.acting = what && doSomething(what);
    });
  }
  return person;
}

/**
 * Reruns of a lane, alone: one must succeed, and the next must find nothing to do.
 * @returns false if the lane waits for a person
 */
async function converge(simulation: Simulation, traffic: Traffic, lane: Lane): Promise<boolean> {
  const { runs, observer, trace } = simulation;
  simulation.onEnd = () => {};
  /** Runs the lane once more, and lists what it changed or tried to change. */
  const rerun = async (name: string): Promise<{ run: ReleaseRun; writes: string[] }> => {
    const before = trace.length;
    const run = simulation.begin(name, lane);
    await play(simulation, () => run.outcome === undefined || traffic.underWay > 0);
    return { run, writes: trace.slice(before).filter((line) => / (POST|PUT|PATCH|DELETE) /.test(line)) };
  };
  for (let attempt = 1; ; attempt += 1) {
    const { run, writes } = await rerun(`rerun ${runs.length}`);
    if (run.outcome?.ended === "succeeded") {
      // One that found nothing to do needs no second one.
      const left = writes.length === 0 ? [] : (await rerun(`check ${runs.length}`)).writes;
      if (left.length > 0) {
        observer.add("I7 reruns converge", `a rerun after a success still writes: ${left.join("; ")}`);
      }
      return true;
    }
    if (run.outcome?.ended === "failed" && attempt === reruns) {
      const [error] = run.outcome.errors;
      const waits = waitsForPerson(simulation, run);
      observer.add(
        "I7 reruns converge",
        `${lane.version}: ${error instanceof Error ? error.message : String(error)}`,
        waits,
      );
      return !waits;
    }
  }
}
