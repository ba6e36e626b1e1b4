import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { attachedFile } from "../runs/lane.ts";
import { writeLaneChart } from "../runs/lane-chart.ts";
import { gitHubAddress } from "../world/github.ts";

/**
 * Makes this process one in which releases can be simulated: with a token for the simulated GitHub, and in a folder with the file that they
 * attach and the chart that they package. What the program logs is dropped.
 * @returns removes the folder
 */
export async function prepareProcess(): Promise<() => Promise<void>> {
  process.env["GITHUB_API_URL"] = gitHubAddress;
  process.env["GITHUB_TOKEN"] = "simulated";
  delete process.env["LOCKSTEP_RETRY_MS"];
  const silent = async (): Promise<void> => {};
  Object.assign(pulumi.log, { debug: silent, info: silent, warn: silent, error: silent });
  // Pulumi notes where each promise was made, which is a third of the time.
  Error.stackTraceLimit = 0;
  const folder = await mkdtemp(join(tmpdir(), "lockstep-simulation-"));
  process.chdir(folder);
  await writeFile(attachedFile.name, attachedFile.text);
  await writeLaneChart();
  return () => rm(folder, { recursive: true });
}
