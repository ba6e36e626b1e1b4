import { seededRandom } from "../../formats/seeded-random.ts";
import type { Lag } from "../world/github.ts";

/** Who is at work in a schedule. */
export const mixes = ["alone", "twins", "two lanes", "with a person", "lagging lists"] as const;

/** One of `mixes`. */
export type Mix = (typeof mixes)[number];

/** What a schedule is like: drawn from its seed, kind by kind, so that some worlds have one trouble and others all. */
export interface Settings {
  seed: number;
  mix: Mix;
  signed: boolean;
  /** Whether two builds of one commit give the same digest. */
  reproducible: boolean;
  /** Whether the registry keeps lists of referrers. */
  hasReferrers: boolean;
  /** Whether the git tag is there when the runs begin. */
  gitTagExists: boolean;
  /** Whether a rerun has the state of the run before. */
  keepsState: boolean;
  lag: Lag;
  /** The most milliseconds that a request, or an answer, is on its way. */
  latency: number;
  /** In a thousand ways: how many take thirty times as long. */
  stalls: number;
  /** In a thousand requests: how many fail so. */
  faults: {
    /** The request never arrives. */
    unsent: number;
    /** It is answered with 503, and has no effect. */
    refused: number;
    /** It takes effect, and the answer is lost. */
    lost: number;
    /** The body of an upload breaks off. */
    cut: number;
    /** The process dies, before or after the effect. */
    killed: number;
  };
  /** Whether a request of a dead process still takes effect. */
  lateRequests: boolean;
  /** How many runs of each lane begin by themselves. */
  runs: number;
  /** How many times the person does something. */
  acts: number;
}

/** Draws the settings of a seed. */
export function drawSettings(seed: number, mix: Mix, signed: boolean): Settings {
  const random = seededRandom(seed * 7919 + mixes.indexOf(mix) * 101 + (signed ? 1 : 0));
  const oneOf = <T>(...values: T[]): T => values[random(values.length)] as T;
  const sometimes = (value: number): number => (random(2) === 0 ? value : 0);
  const troubled = random(3) > 0;
  const trouble = (value: number): number => (troubled ? sometimes(value) : 0);
  return {
    seed,
    mix,
    signed,
    reproducible: oneOf(true, false),
    hasReferrers: oneOf(true, false),
    gitTagExists: oneOf(true, true, false),
    keepsState: oneOf(true, false),
    lag:
      mix === "lagging lists"
        ? oneOf<Lag>({ drafts: 300 }, { drafts: 3000 }, { drafts: 10_000 }, { everything: 300 }, { everything: 3000 })
        : undefined,
    latency: oneOf(10, 40, 150, 800),
    stalls: oneOf(0, 0, 20, 80),
    faults: {
      unsent: trouble(20),
      refused: trouble(20),
      lost: trouble(30),
      cut: trouble(100),
      killed: mix === "alone" ? trouble(15) : trouble(5),
    },
    lateRequests: oneOf(true, false),
    runs: mix === "alone" ? 1 : oneOf(2, 2, 3),
    acts: mix === "with a person" ? oneOf(1, 2, 3) : 0,
  };
}
