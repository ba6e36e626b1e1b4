import type { Simulation } from "./simulation.ts";

/** Longer than any list lags, in milliseconds. */
const longestLag = 20_000;

/** The most turns of a schedule: one that needs more never ends. */
const mostTurns = 50_000;

/** Plays on while something is going on. */
export async function play(
  simulation: Simulation,
  busy: () => boolean,
  personal: () => Promise<unknown> | undefined = () => undefined,
): Promise<void> {
  const { clock } = simulation;
  for (let turns = 0; busy(); turns += 1) {
    let moved = false;
    await simulation.turn(async () => {
      moved = clock.next();
      await personal();
    });
    if ((!moved && busy()) || turns > mostTurns) {
      const waiting = simulation.runs.filter(({ outcome }) => outcome === undefined).map(({ process }) => process.name);
      throw new Error(`${waiting.join(", ")} never ends:\n${simulation.trace.slice(-20).join("\n")}`);
    }
  }
}

/** Lets so much time pass that every list shows everything. */
export async function rest(simulation: Simulation): Promise<void> {
  let over = false;
  simulation.clock.after(longestLag, () => (over = true));
  await play(simulation, () => !over);
}
