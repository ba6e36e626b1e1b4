/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * @typedef {object} Job What a tool's installation is given.
 * @property {Machine} machine
 * @property {import("./progress.mjs").Row["say"]} say Tells the reader what is going on.
 * @property {import("./progress.mjs").Row["note"]} note Tells the reader what must not be overlooked.
 * @property {AbortSignal} signal Aborted when set-up is given up; every child process must get it.
 * @property {(tool: Tool) => Promise<void>} ready Waits until that other tool is there.
 * @property {<T>(build: () => Promise<T>) => Promise<T>} inBuildQueue Runs builds one after another, over all set-ups of
 *   this user: two compilers at once do not fit into a small machine's memory.
 */

/**
 * One tool that set-up sees to.
 *
 * @typedef {object} Tool
 * @property {string} name What the reader calls it.
 * @property {string} version Empty where the operating system decides.
 * @property {(machine: Machine) => string} path Where it is, or belongs.
 * @property {(machine: Machine) => string | undefined} found Says that it is there, and where from: asked on every run, so
 *   it may look at files but starts nothing. Undefined: not there.
 * @property {(machine: Machine) => Promise<void>} [check] Fails before anything is touched when it can never be installed.
 * @property {(job: Job) => Promise<string>} install Makes it be there, and returns where it came from. It runs under a
 *   lock and must leave either the whole tool or what the next run can go on from.
 */

export {};
