import { revealed, unknownValue } from "./wire-values.mjs";

/** The only type of resource that the stand-in makes. */
export const commandType = "command:local:Command";

/**
 * What a resource of that type may have, as @pulumi/command describes it.
 *
 * @typedef {{
 *   addPreviousOutputInEnv?: boolean,
 *   archivePaths?: string[],
 *   assetPaths?: string[],
 *   create?: string,
 *   delete?: string,
 *   dir?: string,
 *   environment?: Record<string, string>,
 *   interpreter?: string[],
 *   logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none",
 *   stdin?: string,
 *   triggers?: unknown[],
 *   update?: string,
 * }} CommandInputs
 */

/** @typedef {"boolean" | "string" | "list of strings" | "map of strings" | "list" | "logging"} InputKind */

/**
 * The inputs, each with the kind of its value. A change of `triggers` replaces the resource, any other change updates it.
 *
 * @type {Readonly<Record<keyof CommandInputs, InputKind>>}
 */
export const inputKinds = {
  addPreviousOutputInEnv: "boolean",
  archivePaths: "list of strings",
  assetPaths: "list of strings",
  create: "string",
  delete: "string",
  dir: "string",
  environment: "map of strings",
  interpreter: "list of strings",
  logging: "logging",
  stdin: "string",
  triggers: "list",
  update: "string",
};

/** What a resource has beside its inputs. */
export const outputNames = ["archive", "assets", "stderr", "stdout"];

/** The values of `logging`: which streams are shown while a command runs. */
export const loggings = ["stdout", "stderr", "stdoutAndStderr", "none"];

const isUnknown = (/** @type {unknown} */ value) => value === unknownValue;
const isString = (/** @type {unknown} */ value) => typeof value === "string";
const isObject = (/** @type {unknown} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {Readonly<Record<InputKind, (value: any) => boolean>>} */
const fits = {
  boolean: (value) => typeof value === "boolean",
  string: isString,
  "list of strings": (value) => Array.isArray(value) && value.every(isString),
  "map of strings": (value) => isObject(value) && Object.values(value).every(isString),
  list: (value) => Array.isArray(value),
  logging: (value) => loggings.includes(value),
};

/** @type {Readonly<Record<InputKind, string>>} */
const phrases = {
  boolean: "must be true or false",
  string: "must be a string",
  "list of strings": "must be a list of strings",
  "map of strings": "must be a map of strings",
  list: "must be a list",
  logging: `must be one of ${loggings.join(", ")}`,
};

/**
 * Checks the inputs of a command and fills in defaults. A value that a preview does not know yet fits everywhere.
 *
 * @param {Record<string, unknown>} inputs as the engine sent them, with the marks of secrets
 * @returns {{ inputs: Record<string, unknown>, failures: { property: string, reason: string }[] }} `inputs` keeps the marks
 */
export function checkInputs(inputs) {
  const failures = [];
  for (const [property, value] of Object.entries(inputs)) {
    const kind = /** @type {Record<string, InputKind>} */ (inputKinds)[property];
    const bare = revealed(value);
    if (kind === undefined) {
      failures.push({ property, reason: `is not an input of ${commandType}` });
    } else if (!isUnknown(bare) && !fits[kind](bare)) {
      failures.push({ property, reason: phrases[kind] });
    }
  }
  return { inputs: { addPreviousOutputInEnv: true, ...inputs }, failures };
}
