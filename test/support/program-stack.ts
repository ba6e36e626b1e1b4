import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { explainError } from "../../errors/explain-error.ts";
import { release } from "../../programs/release.ts";
import { dynamicProvider } from "../../providers/all-providers.ts";
import type { Properties } from "../../providers/host/dynamic-provider.ts";
import type { Project } from "./project.ts";

/** What an `up` did. */
export interface StackRun {
  /** `create ChartPush`, `same OciTag`, `update GitHubRelease`: of our own resources, in the order in which they came. */
  operations: string[];
  /** Warnings and other lines, then the error that stopped it. */
  output: string;
  stops: boolean;
  /** What the stack exports after it, by unit; undefined after a run that stopped or was cut off. */
  units: Record<string, { revision: string }> | undefined;
}

/** A stack with its state, released in this process. */
export interface ProgramStack {
  /**
   * Refreshes and updates, as `up` does.
   * @param cut our type of the first resource that the run does not get to; nothing after it is done either. Default: none
   */
  up(project: Project, cut?: string): Promise<StackRun>;
}

interface Kept {
  id: string;
  properties: Properties;
}

const prefix = "pulumi-nodejs:dynamic/lockstep:";

/**
 * Makes a stack without state. It stands in for the engine: each resource is read, compared by its inputs, and created or updated by its
 * provider, one after another as they depend on each other. Servers are those that this process is connected to.
 */
export function programStack(): ProgramStack {
  const state = new Map<string, Kept>();
  let outputs: Record<string, unknown> = {};

  const settle = async (name: string, properties: Properties, type: string, run: StackRun): Promise<Kept> => {
    const before = state.get(name);
    const read = before && (await dynamicProvider.read(before.id, before.properties));
    if (before === undefined || read?.inputs === undefined) {
      run.operations.push(`create ${type}`);
      const { id, outs } = await dynamicProvider.create(properties);
      return { id, properties: outs };
    }
    const there = { ...before, properties: { ...before.properties, ...read.props } };
    const inputs = read.inputs;
    const asked = Object.entries(properties).filter(([key, value]) => value !== undefined && key !== "__provider");
    const isSame = asked.every(([key, value]) => isDeepStrictEqual(inputs[key], value));
    run.operations.push(`${isSame ? "same" : "update"} ${type}`);
    if (isSame) {
      return there;
    }
    const { outs } = await dynamicProvider.update(before.id, there.properties, properties);
    return { id: before.id, properties: outs };
  };

  return {
    async up(project, cut) {
      const run: StackRun = { operations: [], output: "", stops: false, units: undefined };
      const lines: string[] = [];
      let isCut = false;
      const log = async (line: string): Promise<void> => void lines.push(line);
      vi.spyOn(pulumi.log, "warn").mockImplementation(log);
      vi.spyOn(pulumi.log, "info").mockImplementation(log);
      const mocks: pulumi.runtime.Mocks = {
        newResource: async ({ type, name, inputs }) => {
          if (!type.startsWith(prefix)) {
            return { id: "none", state: type === "pulumi:pulumi:StackReference" ? { ...inputs, outputs } : inputs };
          }
          const own = type.slice(prefix.length);
          isCut ||= own === cut;
          if (isCut) {
            return { id: "lost", state: inputs };
          }
          try {
            const kept = await settle(name, inputs as Properties, own, run);
            state.set(name, kept);
            return { id: kept.id, state: kept.properties };
          } catch (error) {
            // As with the engine: what depends on it is skipped, and nothing is exported.
            lines.push((error as Error).message);
            run.stops = isCut = true;
            return { id: "failed", state: inputs };
          }
        },
        call: () => ({}),
      };
      await pulumi.runtime.setMocks(mocks, "lockstep", "test", false, "organization");
      try {
        const { units } = await release(project.configuration());
        const exported = await new Promise<Record<string, { revision: string }>>((resolve) => {
          pulumi.output(units).apply((all) => resolve(all as unknown as Record<string, { revision: string }>));
        });
        if (!isCut) {
          outputs = { units: exported };
          run.units = exported;
        }
      } catch (error) {
        run.stops = true;
        lines.push(
          pulumi.RunError.isInstance(error) ? error.message : explainError(error, "planning this run").message,
        );
      }
      return { ...run, output: lines.join("\n") };
    },
  };
}
