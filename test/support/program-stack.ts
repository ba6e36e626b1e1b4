import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { disconnect, getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { vi } from "vitest";
import { explainError } from "../../errors/explain-error.ts";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { release } from "../../programs/release.ts";
import { dynamicProvider } from "../../providers/all-providers.ts";
import type { Properties } from "../../providers/host/dynamic-provider.ts";
import { continueOnError } from "./continue-on-error.ts";
import type { Project } from "./project.ts";

/** What an `up` did. */
export interface StackRun {
  /** `create ChartPush`, `same OciTag`, `update GitHubRelease`: of our own resources, in the order in which they began. */
  operations: string[];
  /** Logical names of what was created, in that order; also of images. */
  created: string[];
  /** Warnings and other lines in their order, and errors. */
  output: string;
  /** Whether it failed, before its graph or in a resource. */
  stops: boolean;
  /** What the stack exports after it, by unit; undefined after a run that failed or was cut off. */
  units: Record<string, UnitOutputs> | undefined;
  /** The exported summary; empty if there is none. */
  summary: string;
}

/** How a run ends early. */
export interface Interruption {
  /**
   * Tested against type and logical name, as in `OciTag tag/app@1.2.3`: nothing begins any more from the first match on, and what is under way
   * ends. Default: none.
   */
  cut?: RegExp;
  /** A kill: nothing begins any more, and what ends later does not get into the state. Default: none. */
  killed?: AbortSignal;
}

/** A stack with its state, released in this process. */
export interface ProgramStack {
  /** Refreshes and updates, as `npm run release` does: what fails stops only what depends on it. */
  up(project: Project, interruption?: Interruption): Promise<StackRun>;
}

interface Kept {
  id: string;
  properties: Properties;
}

const prefix = "pulumi-nodejs:dynamic/lockstep:";
const imageType = "docker-build:index:Image";

/** Said by a resource that does not begin because the run is over. */
class NotReached extends Error {}

/**
 * Makes a stack without state. It stands in for the engine with PULUMI_CONTINUE_ON_ERROR: each resource is read, compared by its inputs (but for
 * those that it ignores, and those of which its provider says that they make no difference), and created or updated by its provider, as they depend
 * on each other. Servers are those that this process is connected to.
 * @param build pushes an image and returns its digest. Every image that a run declares is built. Default: no image is expected
 */
export function programStack(build?: (inputs: Properties) => Promise<string>): ProgramStack {
  const state = new Map<string, Kept>();
  let outputs: Record<string, unknown> = {};
  const ignored = new Map<string, readonly string[]>();

  const settle = async (name: string, declared: Properties, type: string, run: StackRun): Promise<Kept> => {
    let properties = declared;
    const before = state.get(name);
    const read = before && (await dynamicProvider.read(before.id, before.properties));
    if (before === undefined || read?.inputs === undefined) {
      run.operations.push(`create ${type}`);
      run.created.push(name);
      const { id, outs } = await dynamicProvider.create(properties);
      return { id, properties: outs };
    }
    const there = { ...before, properties: { ...before.properties, ...read.props } };
    const inputs = read.inputs;
    const kept = (ignored.get(name) ?? []).map((key) => [key, inputs[key]]);
    properties = { ...declared, ...Object.fromEntries(kept) } as Properties;
    const asked = Object.entries(properties).filter(([key, value]) => value !== undefined && key !== "__provider");
    const isSame =
      asked.every(([key, value]) => isDeepStrictEqual(inputs[key], value)) ||
      (await dynamicProvider.diff(before.id, there.properties, properties)).changes === false;
    run.operations.push(`${isSame ? "same" : "update"} ${type}`);
    if (isSame) {
      return there;
    }
    const { outs } = await dynamicProvider.update(before.id, there.properties, properties);
    return { id: before.id, properties: outs };
  };

  return {
    async up(project, { cut, killed } = {}) {
      const run: StackRun = { operations: [], created: [], output: "", stops: false, units: undefined, summary: "" };
      const lines: string[] = [];
      let isOver = false;
      const log = async (line: string): Promise<void> => void lines.push(line);
      vi.spyOn(pulumi.log, "warn").mockImplementation(log);
      vi.spyOn(pulumi.log, "info").mockImplementation(log);
      const mocks: pulumi.runtime.Mocks = {
        newResource: async ({ type, name, inputs }) => {
          if (type === "pulumi:pulumi:StackReference") {
            return { id: "none", state: { ...inputs, outputs } };
          }
          if (type !== imageType && !type.startsWith(prefix)) {
            return { id: "none", state: inputs };
          }
          const own = type.replace(prefix, "");
          isOver ||= killed?.aborted === true || cut?.test(`${own} ${name}`) === true;
          if (isOver) {
            throw new NotReached(name);
          }
          if (type === imageType) {
            run.created.push(name);
            return { id: name, state: { ...inputs, digest: await build?.(inputs as Properties) } };
          }
          const kept = await settle(name, inputs as Properties, own, run);
          if (killed?.aborted !== true) {
            state.set(name, kept);
          }
          return { id: kept.id, state: { ...inputs, ...kept.properties } };
        },
        call: () => ({}),
      };
      await pulumi.runtime.setMocks(mocks, "lockstep", "test", false, "organization");
      rememberIgnored(ignored);
      const failed = continueOnError((error) => {
        if (!(error instanceof NotReached)) {
          run.stops = true;
          lines.push(error.message);
        }
      });
      try {
        const { units, summary } = await release(project.configuration());
        await disconnect(false);
        if (failed.size === 0) {
          Object.assign(run, await knownOutputs(units, summary));
          outputs = { units: run.units };
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

/** Only for outputs of a run in which nothing failed: others stay unknown for good. */
function knownOutputs(units: object, summary: unknown): Promise<Pick<StackRun, "units" | "summary">> {
  return new Promise((resolve) => {
    pulumi.all([pulumi.output(units), pulumi.output(summary)]).apply(([known, text]) => {
      resolve({ units: known as unknown as Record<string, UnitOutputs>, summary: (text as string | undefined) ?? "" });
    });
  });
}

/** Pulumi's mocks do not see which changes a resource ignores. */
function rememberIgnored(ignored: Map<string, readonly string[]>): void {
  const monitor = getMonitor()!;
  const { registerResource } = monitor;
  monitor.registerResource = function remember(this: typeof monitor, request: Registration, ...others: unknown[]) {
    ignored.set(request.getName(), request.getIgnorechangesList());
    return Reflect.apply(registerResource, this, [request, ...others]);
  };
}

/** What is read of the request that registers a resource. */
interface Registration {
  getName(): string;
  getIgnorechangesList(): string[];
}
