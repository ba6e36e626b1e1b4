/**
 * The value of a promise that settles within microtasks. Ticks, timers and the machine get no turn meanwhile, because the
 * queue of microtasks never empties.
 */
export async function settledInMicrotasks<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  for (let turn = 0; turn < 1000 && !settled; turn += 1) {
    await undefined;
  }
  if (!settled) {
    throw new Error("it waits for more than microtasks");
  }
  return promise;
}
