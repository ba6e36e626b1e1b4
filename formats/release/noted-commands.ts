/** An option of a command in a text: its name with the dashes, and its value; true if it has none. */
export type NotedOption = readonly [name: string, value: string | true];

/** Options of cosign and gh that have no value. */
const switches = new Set(["--bundle-from-oci"]);

/**
 * Reads the verification commands of cosign and gh in a text, split into words as a shell would, inside code or not. Everything after
 * the program's name on its line belongs to the command.
 * @returns the options of each command in their order; lines without any are left out, because prose also names the programs
 */
export function readNotedCommands(text: string): NotedOption[][] {
  const lines = text.replaceAll(/\\\r?\n/g, " ").split("\n");
  return lines
    .map((line) => {
      const words = splitWords(line);
      const program = words.findIndex((word) => /(?:^|[^\w-])(?:cosign|gh)$/.test(word));
      const given = program === -1 ? [] : words.slice(program + 1);
      return given.some((word) => /^(?:verify|attestation)\b/.test(word)) ? readOptions(given) : [];
    })
    .filter((options) => options.length > 0);
}

function readOptions(words: readonly string[]): NotedOption[] {
  return words.flatMap((word, at): NotedOption[] => {
    if (!/^--?\w/.test(word)) {
      return [];
    }
    const equals = word.indexOf("=");
    if (equals !== -1) {
      return [[word.slice(0, equals), word.slice(equals + 1)]];
    }
    const next = words[at + 1];
    return [[word, switches.has(word) || next === undefined || next.startsWith("-") ? true : next]];
  });
}

/** Splits a line into the words of a POSIX shell, without quotes; variables stay as written. */
function splitWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
      (_, single?: string, double?: string, escaped?: string) =>
        single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? "",
    ),
  );
}
