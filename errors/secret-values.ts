/** In characters. Shorter values are words such as `true` or `admin`, which texts contain for other reasons. */
const shortest = 8;

/** Names of variables that hold secrets: words that say so anywhere in a name, and words that say so only as a whole part of it. */
const tellingName =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE|APIKEY|_KEY(?:_|$)|(?:^|_)(?:PAT|AUTH|PASS|PWD|COOKIE|JWT|BEARER|SESSION|CERT|DSN)\d*(?:_|$)/i;

/** The shell's own names for folders, which contain such a word. */
const folderNames = new Set(["PWD", "OLDPWD"]);

/** Whether the name of an environment variable says that its value is a secret: `GH_PAT`, `DOCKER_AUTH_CONFIG`, `API_KEY_V2`; not `AUTHOR`. */
export function isSecretName(name: string): boolean {
  return tellingName.test(name) && !folderNames.has(name);
}

/**
 * Makes an environment for a program that needs no secrets: without the variables whose names say that they are secret. git's own settings
 * (`GIT_CONFIG_KEY_0`) stay, because git refuses to run with only some of them.
 */
export function withoutSecretVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !isSecretName(name) || name.startsWith("GIT_CONFIG_")),
  );
}

/**
 * Finds the secrets of an environment: values of 8 characters or more, of variables whose names say that they are secret. Each line of a
 * value also counts by itself, because errors often show one line.
 * @returns pairs of value and variable, the longest value first
 */
export function secretValues(environment: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(environment)
    .filter(([name]) => isSecretName(name))
    .flatMap(([name, value = ""]) =>
      [...new Set([value.trim(), ...value.split(/[\r\n]+/).map((line) => line.trim())])].map(
        (secret): [string, string] => [secret, name],
      ),
    )
    .filter(([secret]) => secret.length >= shortest)
    .toSorted(([a], [b]) => b.length - a.length);
}
