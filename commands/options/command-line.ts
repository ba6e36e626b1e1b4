/**
 * Takes an option with its value out of a command line: `--stack prod` and `--stack=prod`.
 * @param names all that it is called: `--stack`, `-s`
 * @returns the value, undefined if the option is not there and empty if its value is missing; and all other arguments in their order
 */
export function takeOption(
  args: readonly string[],
  names: readonly string[],
): { value: string | undefined; rest: string[] } {
  const rest: string[] = [];
  let value: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const [name = "", ...inline] = (args[at] ?? "").split("=");
    if (!names.includes(name)) {
      rest.push(args[at] ?? "");
    } else {
      value = inline.length > 0 ? inline.join("=") : (args[++at] ?? "");
    }
  }
  return { value, rest };
}
