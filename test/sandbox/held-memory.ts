import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Runs `work` and returns by how many bytes the memory this process really holds (garbage collected before each look)
 * grew at most while it ran.
 */
export async function heldMemoryGrowth(work: () => Promise<void>): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = (): number => {
    // Freed buffers are swept in the background; the next collection waits for that.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = held();
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, held());
  }, 1000);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  return Math.max(highest, held()) - before;
}
