import type { z } from "zod";
import type { Progress } from "./progress.ts";

/** What a provider found in the world. */
export interface Found<Inputs, Outputs> {
  /** The inputs as the world shows them: if they differ from the wanted ones, the engine shows drift. */
  inputs: Inputs;
  outputs: Outputs;
}

/**
 * The contract of every provider: it makes one thing true. It never deletes anything published, and each of its flows may run beside a
 * twin, or again after it was cut off at any point. Expected failures are thrown as StepFailure, and the host names the step by the phrase;
 * one of a narrower step ("attaching app.tgz") as ReleaseError.
 */
export interface Provider<Inputs extends object, Outputs extends object> {
  /** What the provider does, as a gerund with its thing, for logs and errors: "tagging ghcr.io/acme/app as 1.2.3". */
  phrase: (inputs: Inputs) => string;
  inputs: z.ZodType<Inputs>;
  /** Inputs that identify the thing: a different value is a different thing. */
  identity: readonly (keyof Inputs & string)[];
  /** Inputs that only say how it is made: another value makes no difference to a thing that exists. Default: none. */
  immaterial?: readonly (keyof Inputs & string)[];
  /** For inputs of which only a part is immaterial: makes what is left to compare. Default: all of an input is compared. */
  material?: { readonly [Name in keyof Inputs & string]?: (input: Inputs[Name]) => unknown };
  /** The thing's name in the world; Pulumi keeps it as the id. */
  id: (inputs: Inputs) => string;
  /**
   * Reads the thing, and changes nothing.
   * @param before the outputs in the state
   * @returns undefined only if the thing does not exist (a 404); every other failure is thrown and keeps the state
   */
  read: (inputs: Inputs, before: Partial<Outputs>) => Promise<Found<Inputs, Outputs> | undefined>;
  /** Reads the thing, creates what is missing, and returns what it reads back. Serves create and update alike, and adopts what exists. */
  reconcile: (inputs: Inputs, progress: Progress) => Promise<Outputs>;
  /**
   * Removes the thing when its resource is deleted or leaves the program: for settings only. Default: nothing is removed, because what is
   * published stays published.
   */
  remove?: (inputs: Inputs) => Promise<void>;
}
