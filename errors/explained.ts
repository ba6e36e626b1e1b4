import { explanationOf } from "./catalogue.ts";
import { ReleaseError } from "./release-error.ts";
import { networkWords, ServerRefusal } from "./server-refusal.ts";

/**
 * Turns whatever was thrown into a ReleaseError that names the step.
 * @param error a ReleaseError (returned as it is), a ServerRefusal (looked up in the catalogue), or anything else
 * @param step what was being done, as a gerund with its thing: "reading the tags of ghcr.io/acme/app"
 */
export function explained(error: unknown, step: string): ReleaseError {
  if (error instanceof ReleaseError) return error;
  if (error instanceof ServerRefusal) {
    const explanation = explanationOf(`${error.status} ${error.words}`);
    return new ReleaseError({ ...explanation, step, reason: `${error.words} (${reasonSource(error)})`, cause: error });
  }
  const words = error instanceof Error ? networkWords(error) : String(error);
  return new ReleaseError({
    ...explanationOf(words),
    step,
    reason: words === "no answer" ? String(error) : words,
    cause: error,
  });
}

/**
 * Runs `work`; what it throws comes out as a ReleaseError that names the step.
 * @param step as in explained()
 */
export async function explaining<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, step);
  }
}

function reasonSource(refusal: ServerRefusal): string {
  return refusal.status === 0 ? `no answer to ${refusal.request}` : `status ${refusal.status} to ${refusal.request}`;
}
