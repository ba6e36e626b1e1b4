/** Runs one change after the other, in the order of the calls. A change that fails does not stop the next. */
export type ChangeQueue = <T>(change: () => Promise<T>) => Promise<T>;

/** Makes an empty queue. */
export function makeChangeQueue(): ChangeQueue {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(change: () => Promise<T>): Promise<T> => {
    const result = last.then(change);
    last = result.catch(() => undefined);
    return result;
  };
}
