import type { Clock } from "../machine/clock.ts";
import { chartWorlds, listKills, playKill } from "./kills.ts";
import type { ChartWorld, KillResult } from "./kills.ts";

/** What all kills together found. */
export interface KillsJson {
  /** In each world, how many requests a release has that nothing disturbs. */
  worlds: (ChartWorld & { requests: number })[];
  /** How often a run was killed. */
  kills: number;
  /** Those after which something is wrong. */
  wrong: KillResult[];
}

/** Which kills are played. */
export interface ChosenKills {
  /** Only one kill out of so many. 1: each. */
  every: number;
  /** Only worlds whose charts are signed, or are not. Default: both. */
  signed?: boolean;
}

/**
 * Kills a release of a chart at its requests, in each world.
 * @param onProgress called now and then
 */
export async function playKills(
  clock: Clock,
  { every, signed }: ChosenKills,
  onProgress: (words: string) => void,
): Promise<KillsJson> {
  const json: KillsJson = { worlds: [], kills: 0, wrong: [] };
  for (const world of chartWorlds.filter((one) => signed === undefined || one.signed === signed)) {
    const all = await listKills(clock, world);
    json.worlds.push({ ...world, requests: all.at(-1)?.at ?? 0 });
    for (const kill of all.filter((_, index) => index % every === Math.floor(every / 2))) {
      const result = await playKill(clock, kill);
      json.kills += 1;
      if (result.wrong.length > 0) {
        json.wrong.push(result);
      }
    }
    onProgress(`${json.kills} kills, ${json.wrong.length} with something wrong`);
  }
  return json;
}
