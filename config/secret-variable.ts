import { isSecretName, secretValues } from "../errors/secret-values.ts";

/** A shorter value is not a token. */
const shortest = 8;

/** How tokens begin: GitHub's of every kind, JSON Web Tokens, AWS's key ids, keys in PEM. */
const tokenBeginning = /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|eyJ|AKIA|-----BEGIN [A-Z ]*PRIVATE KEY)/;

/** An address with a password: `postgres://ada:password@host/db`. */
const login = /:\/\/[^\s/?#@:]*:[^\s/?#@]+@/;

/**
 * Why an environment variable may not stand in a configuration, which is stored in plain: its name or its value says that it is a secret.
 * @param value undefined if the variable is not set: then its name alone is looked at
 * @param environment all variables: a value that a secret variable has as well is that secret
 * @returns undefined if nothing says so; the reason does not show the value
 */
export function secrecyOf(
  name: string,
  value: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (isSecretName(name)) {
    return `${name} looks like a secret`;
  }
  if (value === undefined) {
    return undefined;
  }
  const same = secretValues(environment).find(([secret]) => secret === value.trim());
  if (same !== undefined) {
    return `${name} has the value of ${same[1]}, which looks like a secret`;
  }
  if (value.length >= shortest && tokenBeginning.test(value)) {
    return `the value of ${name} looks like a token`;
  }
  return login.test(value) ? `the value of ${name} has a password in it` : undefined;
}
