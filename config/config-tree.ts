import type { Mistake } from "../errors/configuration-error.ts";
import { secrecyOf } from "./secret-variable.ts";

const namespace = "lockstep:";
const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Makes a tree of what Pulumi hands to the program.
 *
 * - keys of other namespaces are not ours and are left out;
 * - structured values arrive as JSON text and are parsed;
 * - `${NAME}` in any text is replaced by the environment variable; one that is not set is a mistake, and one whose name or value says that
 *   it is a secret.
 *
 * @param config keys with namespace ("lockstep:units") and values as text
 * @param environment environment variables
 */
export function configTree(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): { tree: Record<string, unknown>; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const tree: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(config)) {
    if (!key.startsWith(namespace)) {
      continue;
    }
    const name = key.slice(namespace.length);
    tree[name] = expanded(structured(text), name, environment, mistakes);
  }
  return { tree, mistakes };
}

function structured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function expanded(
  value: unknown,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
  mistakes: Mistake[],
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => expanded(item, `${path}[${index}]`, environment, mistakes));
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expanded(item, `${path}.${key}`, environment, mistakes)]),
    );
  }
  if (typeof value !== "string") {
    return value;
  }
  return value.replace(variable, (whole, name: string) => {
    const found = environment[name];
    const secrecy = secrecyOf(name, found, environment);
    if (secrecy !== undefined) {
      mistakes.push({
        path,
        value,
        reason: `${secrecy}, and configuration is stored in plain`,
        example: "tokens are read from the environment at run time",
      });
    } else if (found === undefined) {
      mistakes.push({
        path,
        value,
        reason: `the environment variable ${name} is not set`,
        example: `export ${name}=…`,
      });
    } else {
      return found;
    }
    return whole;
  });
}
