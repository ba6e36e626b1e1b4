import type { Mistake } from "../errors/configuration-error.ts";
import { projectKeys, unitKeys } from "./release-spec.ts";

/** The configuration as a tree, before it is checked, and how its short form maps to the long one. */
export interface LongForm {
  value: Record<string, unknown>;
  /** True where the user wrote one unit at the top level, so that paths in messages leave out `units[0].`. */
  short: boolean;
  /** How the user wrote the one image: `image` as text or with keys of its own, undefined where there is no `image`. */
  image: "text" | "keys" | undefined;
  mistakes: Mistake[];
}

const namespace = "lockstep:";
const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const secretName = /TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|PRIVATE|_KEY$/i;

/**
 * Makes the long form of what Pulumi hands to the program.
 *
 * - keys of other namespaces are not ours and are left out;
 * - structured values arrive as JSON text and are parsed;
 * - `${NAME}` in any text is replaced by the environment variable; a variable that is not set, or whose name says it is a secret, is a mistake;
 * - `image: ghcr.io/acme/app` is short for `images: [{repository: ghcr.io/acme/app}]`;
 * - keys of a unit at the top level are short for a list of one unit.
 *
 * @param config keys with namespace ("lockstep:units") and values as text
 * @param environment environment variables
 */
export function longForm(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): LongForm {
  const mistakes: Mistake[] = [];
  const top: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(config)) {
    if (!key.startsWith(namespace)) continue;
    const name = key.slice(namespace.length);
    top[name] = expanded(structured(text), name, environment, mistakes);
  }
  if (Object.keys(top).length === 0) {
    mistakes.push({
      path: "configuration",
      reason: "is empty: no key of `lockstep:` is set for this stack",
      example: "`lockstep:repository: acme/widgets` and `lockstep:image: ghcr.io/acme/widgets` in the stack's file",
    });
  }
  const short = !("units" in top);
  if (!short) {
    const mixed = mixedForms(top);
    const value = Object.fromEntries(Object.entries(top).filter(([key]) => !mixed.some(({ path }) => path === key)));
    return { value, short, image: undefined, mistakes: [...mistakes, ...mixed] };
  }

  const { image, ...rest } = top;
  const project = Object.fromEntries(Object.entries(rest).filter(([key]) => !unitKeys.includes(key)));
  const unit = Object.fromEntries(Object.entries(rest).filter(([key]) => unitKeys.includes(key)));
  if (image !== undefined && !("images" in unit)) {
    unit["images"] = [typeof image === "object" ? image : { repository: image }];
    return {
      value: { ...project, units: [unit] },
      short,
      image: typeof image === "object" ? "keys" : "text",
      mistakes,
    };
  }
  if (image !== undefined) {
    mistakes.push({ path: "image", value: image, reason: "stands beside `images`", example: "only one of the two" });
  }
  return { value: { ...project, units: [unit] }, short, image: undefined, mistakes };
}

function mixedForms(top: Record<string, unknown>): Mistake[] {
  return ["image", ...unitKeys]
    .filter((key) => key in top && !projectKeys.includes(key))
    .map((key) => ({
      path: key,
      value: top[key],
      reason: "belongs to a unit, but the stack has a list of `units`",
      example: `\`${key}\` inside one of the units`,
    }));
}

function structured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
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
  if (Array.isArray(value))
    return value.map((item, index) => expanded(item, `${path}[${index}]`, environment, mistakes));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expanded(item, `${path}.${key}`, environment, mistakes)]),
    );
  }
  if (typeof value !== "string") return value;
  return value.replace(variable, (whole, name: string) => {
    const found = environment[name];
    if (secretName.test(name)) {
      mistakes.push({
        path,
        value,
        reason: `${name} looks like a secret, and configuration is stored in plain`,
        example: "tokens are read from the environment at run time",
      });
    } else if (found === undefined) {
      mistakes.push({
        path,
        value,
        reason: `the environment variable ${name} is not set`,
        example: `export ${name}=…`,
      });
    } else return found;
    return whole;
  });
}
