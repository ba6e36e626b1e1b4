import type { StackLock } from "../../formats/stack-lock.ts";

/** The locks of one stack, in a backend that Lockstep reads itself. */
export interface LockStore {
  /** @throws the failure of the folder, the database or the connection to it */
  list(): Promise<StackLock[]>;
  /** Removes exactly this lock, and nothing if it is gone or its content has changed. @throws as list() */
  remove(lock: StackLock): Promise<void>;
}
