import { explanationOf } from "./catalogue.ts";
import type { Explanation } from "./explanation.ts";
import { describeMissing, explainMissing } from "./missing-permission.ts";
import { ReleaseError } from "./release-error.ts";
import { findNetworkWords, ServerRefusal } from "./server-refusal.ts";
import { StepFailure } from "./step-failure.ts";
import type { FailureParts } from "./step-failure.ts";

/**
 * Turns whatever was thrown into a ReleaseError that names the step.
 * @param error a ReleaseError (returned as it is), a StepFailure, a ServerRefusal (looked up in the catalogue), or anything else
 * @param step what was being done, as a gerund with its thing: "reading the tags of ghcr.io/acme/app"
 */
export function explainError(error: unknown, step: string): ReleaseError {
  if (error instanceof ReleaseError) {
    return error;
  }
  if (error instanceof StepFailure) {
    return new ReleaseError({ ...error.parts, step });
  }
  if (error instanceof ServerRefusal) {
    return new ReleaseError({ ...explainRefusal(error), step });
  }
  const words = error instanceof Error ? findNetworkWords(error) : String(error);
  return new ReleaseError({
    ...explanationOf(words),
    step,
    reason: words === "no answer" ? String(error) : words,
    cause: error,
  });
}

/** Looks a refusal up in the catalogue; its reason has the server's words, status and request. */
export function explainRefusal(refusal: ServerRefusal): FailureParts {
  return {
    ...explanationOfRefusal(refusal),
    reason: `${refusal.words} (${reasonSource(refusal)})`,
    cause: refusal,
  };
}

/**
 * Runs `work`, and rethrows what it throws as a ReleaseError that names the step.
 * @param step as in explainError()
 */
export async function runStep<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainError(error, step);
  }
}

/** If GitHub says which permission or scope is missing, that is the fix. A 404 may still mean that the thing does not exist. */
function explanationOfRefusal({ status, words, request, missing }: ServerRefusal): Explanation {
  const explanation = explanationOf(`${status} ${words}`, request);
  if (missing === undefined) {
    return explanation;
  }
  const fix = explainMissing(missing);
  return { ...explanation, fix: status === 404 ? `${fix}\n${explanation.fix}` : fix };
}

function reasonSource({ status, request, missing }: ServerRefusal): string {
  const source = status === 0 ? `no answer to ${request}` : `status ${status} to ${request}`;
  return missing === undefined ? source : `${describeMissing(missing)}; ${source}`;
}
