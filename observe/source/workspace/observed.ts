import type { Mistake } from "../../../errors/configuration-error.ts";

/** What was found in the workspace, and what is wrong with it, in the order in which the configuration names things. */
export interface Observed<T> {
  found: T;
  mistakes: Mistake[];
}
