import { AsyncLocalStorage } from "node:async_hooks";

/** A process of the simulated world: one run of a release, with memory of its own. */
export interface Process {
  /** `A`, `B`; a rerun has a name of its own, `A2`. */
  name: string;
  /** The commit that it releases, and signs at. */
  commit: string;
  /** True once it was killed: it gets no more answers. */
  dead: boolean;
  /** What its modules keep, by the map in the module. */
  memory: Map<object, Map<unknown, unknown>>;
}

/** Which process runs, and which of its steps: the name of a resource, or `program`. */
export interface Context {
  process: Process;
  step: string;
}

const contexts = new AsyncLocalStorage<Context>();

/** Starts a process. */
export function startProcess(name: string, commit: string): Process {
  return { name, commit, dead: false, memory: new Map() };
}

/** Runs work as a step of a process: its requests, timers and memory belong to it. */
export function runAs<T>(context: Context, work: () => T): T {
  return contexts.run(context, work);
}

/**
 * The process that runs now.
 * @throws Error outside of one: nothing of the product may run there
 */
export function currentContext(): Context {
  const context = contexts.getStore();
  if (context === undefined) {
    throw new Error("no simulated process runs here");
  }
  return context;
}

/**
 * The map of a module, with different content in each process. Product modules get it instead of Map (hooks.ts): two runs are two processes,
 * which share nothing, although the simulation loads each module once.
 */
export class ProcessMap<Key, Value> {
  get(key: Key): Value | undefined {
    return this.#own().get(key);
  }

  set(key: Key, value: Value): this {
    this.#own().set(key, value);
    return this;
  }

  has(key: Key): boolean {
    return this.#own().has(key);
  }

  delete(key: Key): boolean {
    return this.#own().delete(key);
  }

  clear(): void {
    this.#own().clear();
  }

  get size(): number {
    return this.#own().size;
  }

  #own(): Map<Key, Value> {
    const { memory } = currentContext().process;
    const own = (memory.get(this) ?? new Map<Key, Value>()) as Map<Key, Value>;
    memory.set(this, own as Map<unknown, unknown>);
    return own;
  }
}
