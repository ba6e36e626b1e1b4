/**
 * What a promise was rejected with, as the kind of error that is expected.
 * @throws where the promise was fulfilled, or rejected with something else
 */
export async function failure<T extends Error>(
  kind: abstract new (...parts: never[]) => T,
  promise: Promise<unknown>,
): Promise<T> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof kind) {
    return error;
  }
  throw error;
}
