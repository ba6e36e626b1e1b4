import type { StackLock } from "../../formats/stack-lock.ts";

/** The locks of one stack, in a backend that Lockstep reads itself. */
export interface LockStore {
  /** @throws what the folder, the database or the connection to it failed with */
  list(): Promise<StackLock[]>;
  /** Removes exactly this lock, and nothing if it is gone or has another content by now. @throws as list() */
  remove(lock: StackLock): Promise<void>;
}
