/** A limit of GitHub's registry that a request may exceed; none concerns permissions. */
export type RegistryLimit = "secondary" | "uploads" | "pulls";

/** The registry's words for each, as reported by users. The time to wait is in the words, as a Go duration, not in a header. */
const wordsOf: Record<RegistryLimit, { status: number; code: string; message: string }> = {
  // https://github.com/markrussinovich/refchecker/pull/67
  secondary: { status: 403, code: "DENIED", message: "You have exceeded a secondary rate limit" },
  // https://github.com/chainguard-images/images/issues/173
  uploads: { status: 429, code: "TOOMANYREQUESTS", message: "retry-after: 10.305464ms, allowed: 2000/minute" },
  // https://github.com/falcosecurity/plugins/issues/1069
  pulls: { status: 429, code: "TOOMANYREQUESTS", message: "retry-after: 1.16676ms, allowed: 44000/minute" },
};

/** Armed limits. */
export interface RegistryLimits {
  /** The next requests (default 1) exceed the limit: `uploads` hits writes, `pulls` reads, `secondary` both. */
  limit(limit: RegistryLimit, times?: number): void;
  /** The answer to this request, counted down; undefined: no limit, it continues. */
  take(write: boolean): (typeof wordsOf)[RegistryLimit] | undefined;
}

/** Creates a table without limits. */
export function createRegistryLimits(): RegistryLimits {
  const left: Record<RegistryLimit, number> = { secondary: 0, uploads: 0, pulls: 0 };
  return {
    limit(limit, times = 1) {
      left[limit] = times;
    },
    take(write) {
      const hit = (["secondary", write ? "uploads" : "pulls"] as const).find((limit) => left[limit] > 0);
      if (hit === undefined) {
        return undefined;
      }
      left[hit] -= 1;
      return wordsOf[hit];
    },
  };
}
