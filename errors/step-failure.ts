import type { ErrorParts } from "./release-error.ts";

/** What is known of a failure where it is found: everything but the step that failed, which its caller knows. */
export type FailureParts = Omit<ErrorParts, "step">;

/**
 * An expected failure without its step. explainError() makes a ReleaseError of it, with the step of its caller: a provider throws it, and its
 * host names what the provider was doing. Its message is the reason alone, as it was given.
 */
export class StepFailure extends Error {
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(parts.reason, { cause: parts.cause });
    this.name = "StepFailure";
    this.parts = parts;
  }
}
