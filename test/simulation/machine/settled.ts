import { countTimers } from "./clock.ts";
import { countRequests } from "./network.ts";

const turn = setImmediate;

/**
 * Waits until nothing in this process moves by itself: every run waits for an answer or a timer. Two turns of the event loop bring neither a
 * request nor a timer, and no file is being read. How long that takes in real time makes no difference.
 */
export async function settled(): Promise<void> {
  let quiet = 0;
  let before = -1;
  while (quiet < 2) {
    await new Promise<void>((resolve) => void turn(resolve));
    const now = countTimers() + countRequests();
    quiet = now === before && !readsFile() ? quiet + 1 : 0;
    before = now;
  }
}

function readsFile(): boolean {
  return process.getActiveResourcesInfo().some((name) => /^FSReq/.test(name));
}
