import { readStackConfig } from "./stack-config.ts";

/**
 * Chooses how often Pulumi saves the state. By itself it saves all of it twice for each resource, and each save waits for the one before it: 200 charts
 * spend more time on that than on being released. For releases the state is a cache: whatever a killed run did not save, the next run finds in
 * the world. So it is saved once, at the end of the run, failed or not. The settings of an organization are not all found again: their state
 * is saved after each step.
 * @param file the stack's configuration
 * @returns environment for `pulumi up`; empty if Pulumi's own choice stays, or the user's
 */
export async function chooseCheckpoints(
  file: string,
  { PULUMI_SKIP_CHECKPOINTS: chosen }: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  if (chosen !== undefined) {
    return {};
  }
  // A file that cannot be read is the program's to report.
  const config = await readStackConfig(file).catch(() => undefined);
  const isRelease = config !== undefined && config["lockstep:organization"] === undefined;
  return isRelease ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
}
