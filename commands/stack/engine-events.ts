import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";

/** One resource of a run, as the engine's events show it. */
export interface RunResource {
  /** `pulumi-nodejs:dynamic/lockstep:GitTag`. */
  type: string;
  /** Logical name: `git-tag/app@1.2.3`. */
  name: string;
  /** Logical name of the resource above it; undefined for one of the stack itself. */
  parent: string | undefined;
  /** `failed`: the engine said so. `begun`: it never said how it ended. */
  state: "done" | "failed" | "begun";
  inputs: Readonly<Record<string, unknown>>;
  /** Empty until it is done. */
  outputs: Readonly<Record<string, unknown>>;
}

/** What the engine said of a run. */
export interface RunEvents {
  /** In the order in which they were begun. */
  resources: RunResource[];
  /** Messages of errors, as they stood in the terminal, without colours; each once. */
  errors: string[];
}

const Values = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((values) => values ?? {});
const Step = z.object({
  metadata: z.object({
    op: z.string(),
    urn: z.string(),
    type: z.string(),
    new: z.object({ parent: z.string().nullish(), inputs: Values, outputs: Values }).nullish(),
  }),
});

/** An event, as far as it is read here. Source: github.com/pulumi/pulumi, sdk/go/common/apitype/events.go. */
const EngineEvent = z.object({
  resourcePreEvent: Step.optional(),
  resOutputsEvent: Step.optional(),
  resOpFailedEvent: Step.optional(),
  diagnosticEvent: z.object({ message: z.string(), severity: z.string() }).optional(),
});

/** What the engine itself adds to an error of a resource. It says nothing. */
const endings = /^(?:error: )?(?:update|preview) failed$/;
/** Marks of colours in messages: `<{%fg 1%}>`. */
const colours = /<\{%[^%]*%\}>/g;
/** Operations by which something leaves the state. */
const leaving = /^(?:delete|discard)/;

/**
 * Reads the events of a run: a JSON document a line, as `pulumi up --event-log` writes them. Lines that are not events are skipped, because a
 * run that was ended may have left half of one.
 * @param file of the events; if it is not there, the run has not begun
 */
export async function readEngineEvents(file: string): Promise<RunEvents> {
  const resources = new Map<string, RunResource>();
  const errors = new Set<string>();
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const event = parseEvent(line);
      if (event.diagnosticEvent?.severity === "error") {
        const message = event.diagnosticEvent.message.replaceAll(colours, "").trim();
        if (message !== "" && !endings.test(message)) {
          errors.add(message);
        }
      }
      noteStep(resources, "begun", event.resourcePreEvent);
      noteStep(resources, "done", event.resOutputsEvent);
      noteStep(resources, "failed", event.resOpFailedEvent);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
  }
  return { resources: [...resources.values()], errors: [...errors] };
}

function parseEvent(line: string): z.output<typeof EngineEvent> {
  try {
    return EngineEvent.safeParse(JSON.parse(line)).data ?? {};
  } catch {
    return {};
  }
}

function noteStep(
  resources: Map<string, RunResource>,
  state: RunResource["state"],
  step: z.output<typeof Step> | undefined,
): void {
  const { op = "", urn = "", type = "", new: now } = step?.metadata ?? {};
  // A refresh comes before the operation itself, and its failure is the operation's.
  if (step === undefined || leaving.test(op) || (op === "refresh" && state !== "failed")) {
    return;
  }
  const before = resources.get(urn);
  const parent = now?.parent ? nameIn(now.parent) : before?.parent;
  resources.set(urn, {
    type,
    name: nameIn(urn),
    parent,
    state: before?.state === "failed" ? "failed" : state,
    inputs: now?.inputs ?? before?.inputs ?? {},
    outputs: state === "done" ? (now?.outputs ?? {}) : {},
  });
}

/** The last part of a URN; undefined for the stack's own. */
function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
