/** The question whether `commit` is `of` or an ancestor of it. Both come from outside: they may be any text. */
export interface Descent {
  commit: string;
  of: string;
}

/** Which commits are others or ancestors of others. A pair that was not asked about counts as unrelated. */
export interface Ancestry {
  /** The time of `commit` in seconds since 1970 if it is `of` or an ancestor of it; else undefined. */
  timeOf(descent: Descent): number | undefined;
}

/**
 * Collects answers, side by side and each once.
 * @param asked may have the same pair more than once, and texts that are not commits, which are related to nothing
 * @param answer gets full commit ids; returns the time of `commit` in seconds since 1970 if it is `of` or an ancestor of it
 */
export async function ancestryOf(
  asked: readonly Descent[],
  answer: (descent: Descent) => Promise<number | undefined>,
): Promise<Ancestry> {
  const distinct = new Map(asked.filter(isOfCommits).map((descent) => [keyOf(descent), descent]));
  const answers = await Promise.all([...distinct].map(async ([key, descent]) => [key, await answer(descent)] as const));
  const times = new Map(answers);
  return { timeOf: (descent) => times.get(keyOf(descent)) };
}

function keyOf({ commit, of }: Descent): string {
  return `${commit} ${of}`;
}

function isOfCommits(descent: Descent): boolean {
  return [descent.commit, descent.of].every((id) => /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id));
}
