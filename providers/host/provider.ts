import type { z } from "zod";
import type { Progress } from "./progress.ts";

/** What a look at the world found. */
export interface Found<Inputs, Outputs> {
  /** The inputs as the world shows them: where they differ from the wanted ones, the engine shows drift. */
  inputs: Inputs;
  outputs: Outputs;
}

/**
 * The contract of every provider: it makes one thing true. It never takes anything published away, and each of its flows may run beside a
 * twin, or again after it was cut off at any point.
 */
export interface Provider<Inputs extends object, Outputs extends object> {
  /** What is being done, as a gerund with its thing, for logs and errors: "tagging ghcr.io/acme/app as 1.2.3". */
  phrase: (inputs: Inputs) => string;
  inputs: z.ZodType<Inputs>;
  /** Inputs that say which thing it is: another value is another thing. */
  identity: readonly (keyof Inputs & string)[];
  /** Inputs that only say how it is made: another value makes no difference to a thing that is there. Default none. */
  immaterial?: readonly (keyof Inputs & string)[];
  /** The thing's name in the world; Pulumi keeps it as the id. */
  id: (inputs: Inputs) => string;
  /**
   * Looks, changes nothing.
   * @param before the outputs that the state holds
   * @returns undefined only where the thing is really not there (a 404); everything else that goes wrong is thrown and keeps the state
   */
  read: (inputs: Inputs, before: Partial<Outputs>) => Promise<Found<Inputs, Outputs> | undefined>;
  /** Looks, makes what lacks, and returns what it read back. Serves create and update alike; what is already there is taken. */
  reconcile: (inputs: Inputs, progress: Progress) => Promise<Outputs>;
  /**
   * Takes the thing away when its resource is deleted or leaves the program: for settings alone. Left out, nothing is: what is published
   * stays published.
   */
  remove?: (inputs: Inputs) => Promise<void>;
}
