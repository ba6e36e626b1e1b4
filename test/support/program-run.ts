import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import { vi } from "vitest";
import { explainError } from "../../errors/explain-error.ts";

/** What the engine runs a program for. */
export type RunKind = "preview" | "up";

/** What a run of a program says, and whether it stops. */
export interface ProgramRun {
  stops: boolean;
  /** Warnings and other lines in their order, then the error that stopped it. */
  output: string;
  /** Types of the resources that it has registered, in their order; for what is refused in time: none. */
  registered: string[];
}

/**
 * Runs a program, or a part of one, in this process as index.ts does: with no engine behind it and no outputs of earlier runs. What it asks
 * and writes goes to the servers that this process is connected to.
 */
export async function programRun(kind: RunKind, program: () => Promise<unknown>): Promise<ProgramRun> {
  const lines: string[] = [];
  const registered: string[] = [];
  const log = (line: string): Promise<void> => {
    lines.push(line);
    return Promise.resolve();
  };
  vi.spyOn(pulumi.log, "warn").mockImplementation(log);
  vi.spyOn(pulumi.log, "info").mockImplementation(log);
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, inputs }) => {
      if (type === "pulumi:pulumi:StackReference") {
        return { id: "self", state: { ...inputs, outputs: {} } };
      }
      registered.push(type);
      return { id: type, state: inputs };
    },
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, "lockstep", "test", kind === "preview", "organization");
  // The engine in Pulumi's mocks does not know error hooks, which images have.
  Object.assign(getMonitor()!, {
    registerErrorHook: (_: unknown, answer: (error: null, empty: object) => void) => answer(null, {}),
  });
  try {
    await program();
    return { stops: false, output: lines.join("\n"), registered };
  } catch (error) {
    const { message } = pulumi.RunError.isInstance(error) ? error : explainError(error, "planning this run");
    return { stops: true, output: [...lines, message].join("\n"), registered };
  }
}
