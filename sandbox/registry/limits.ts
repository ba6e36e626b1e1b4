/** A limit of GitHub's registry that a request may run into; none has anything to do with permissions. */
export type RegistryLimit = "secondary" | "uploads" | "pulls";

/** What the registry says then, as people met it. The time to wait is in the words, a Go duration, not in a header. */
const wordsOf: Record<RegistryLimit, { status: number; code: string; message: string }> = {
  // https://github.com/markrussinovich/refchecker/pull/67
  secondary: { status: 403, code: "DENIED", message: "You have exceeded a secondary rate limit" },
  // https://github.com/chainguard-images/images/issues/173
  uploads: { status: 429, code: "TOOMANYREQUESTS", message: "retry-after: 10.305464ms, allowed: 2000/minute" },
  // https://github.com/falcosecurity/plugins/issues/1069
  pulls: { status: 429, code: "TOOMANYREQUESTS", message: "retry-after: 1.16676ms, allowed: 44000/minute" },
};

/** Limits that wait for their requests. */
export interface RegistryLimits {
  /** The next requests (default 1) run into the limit: `uploads` hits writes, `pulls` reads, `secondary` both. */
  limit(limit: RegistryLimit, times?: number): void;
  /** What this request is answered, counted down; undefined: nothing, it goes on. */
  take(write: boolean): (typeof wordsOf)[RegistryLimit] | undefined;
}

/** No limit yet. */
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
