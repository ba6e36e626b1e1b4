import { secretValues } from "./secret-values.ts";

/**
 * Makes a text printable: values of secret variables are replaced by the variable's name in brackets, and addresses lose what
 * hideLogins() removes.
 * @param environment whose values are secret. Default: that of the process
 */
export function hideSecrets(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const replaced = secretValues(environment).reduce(
    (rest, [secret, name]) => rest.replaceAll(secret, `[${name}]`),
    text,
  );
  return hideLogins(replaced);
}

/**
 * Removes user, password and query from the addresses in a text: pre-signed addresses of uploads and downloads carry their key in the query.
 */
export function hideLogins(text: string): string {
  return text.replaceAll(login, "$<scheme>").replaceAll(query, "$<address>");
}

// Each repetition has a bound: the words of a server may be long, and made to keep a regular expression busy.
// A password with a slash in it makes an address invalid, and errors quote invalid addresses. A port is not a password.
const login =
  /(?<scheme>\b[a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^\s/?#@:]{0,300}:(?!\d{1,5}(?:[/?#\s]|$))\S{0,300}@|[^\s/?#]{0,600}@)/gi;
const query = /(?<address>\bhttps?:\/\/[^\s?"'<>]{1,2000})\?[^\s"'<>)]{0,4000}[^\s"'<>),.:;]/gi;
