import { readFile } from "node:fs/promises";

/** One resource operation that the engine finished. */
export interface Operation {
  /** "create", "same", "update", "replace", "delete", "refresh", "read", … */
  op: string;
  /** Type of the resource: `docker-build:index:Image`. */
  type: string;
  /** Logical name: `tag/app@1.0.0`. */
  name: string;
  /** True for a delete that leaves the thing where it is. */
  retained: boolean;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  old?: { retainOnDelete?: boolean };
}

/** The operations of a run as the engine logged them, each resource and operation once. */
export async function operationsIn(eventLog: string): Promise<Operation[]> {
  const text = await readFile(eventLog, "utf8");
  const operations = new Map<string, Operation>();
  for (const line of text.split("\n").filter(Boolean)) {
    const event = JSON.parse(line) as EngineEvent;
    const step = (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata;
    if (step === undefined) {
      continue;
    }
    const name = step.urn.split("::").at(-1) ?? "";
    operations.set(`${step.op} ${step.urn}`, {
      op: step.op,
      type: step.type,
      name,
      retained: step.old?.retainOnDelete === true,
    });
  }
  return [...operations.values()];
}

/**
 * What a run changed: every operation but looking, and without the provider resources that the engine keeps for itself.
 */
export function changes(operations: readonly Operation[]): Operation[] {
  return operations.filter(
    ({ op, type }) => !["same", "refresh", "read"].includes(op) && !type.startsWith("pulumi:providers:"),
  );
}

/** True where a run only created, or let go of things without touching them. */
export function onlyCreatesAndRetains(operations: readonly Operation[]): boolean {
  return changes(operations).every(({ op, retained }) => op === "create" || (op === "delete" && retained));
}
