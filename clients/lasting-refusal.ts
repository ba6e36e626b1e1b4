import { ServerRefusal } from "../errors/server-refusal.ts";

/**
 * Runs a request. A refusal that the same request would meet again is returned; one that may be temporary is thrown, and so is the refusal of a
 * token that the server does not know.
 */
export async function returnRefusal<T>(request: () => Promise<T>): Promise<T | ServerRefusal> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ServerRefusal && !error.transient && error.status !== 401) {
      return error;
    }
    throw error;
  }
}
