/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * @typedef {object} Job What the installation of a tool gets.
 * @property {Machine} machine
 * @property {import("./progress.mjs").Row["say"]} say Reports what is going on.
 * @property {import("./progress.mjs").Row["note"]} note Reports what must not be overlooked.
 * @property {AbortSignal} signal Aborted when set-up is given up. Every child process must get it.
 * @property {(tool: Tool) => Promise<void>} ready Waits until another tool is installed.
 * @property {<T>(build: () => Promise<T>) => Promise<T>} inBuildQueue Runs builds one after another, over all set-ups of
 *   this user: a small machine has too little memory for two compilers.
 */

/**
 * One tool that set-up installs.
 *
 * @typedef {object} Tool
 * @property {string} name What the reader calls it.
 * @property {string} version Empty if the operating system decides.
 * @property {(machine: Machine) => string} path Where it is or belongs.
 * @property {(machine: Machine) => string | undefined} found Where it came from; undefined: it is not there. Every run asks,
 *   so this may read files but starts nothing.
 * @property {(machine: Machine) => Promise<void>} [check] Fails, before anything is touched, if it can never be installed.
 * @property {(job: Job) => Promise<string>} install Installs it and returns where it came from. It runs under a lock,
 *   and must leave either the whole tool or something that the next run can continue from.
 */

export {};
