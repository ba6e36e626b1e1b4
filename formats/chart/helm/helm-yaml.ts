import { isScalar, parseDocument, visit } from "yaml";
import type { Document, Pair, ParsedNode, ScalarTag } from "yaml";

const [leastInteger, mostInteger] = [-(2n ** 63n), 2n ** 64n - 1n];

/** The scalars of YAML 1.1 as helm's parser reads them: `n` is false, `0755` is octal, a date and `1:30` are texts. */
const scalars: ScalarTag[] = [
  scalar("null", /^(?:~|null|Null|NULL)?$/, () => null),
  scalar("bool", /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true),
  scalar("bool", /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false),
  scalar(
    "int",
    /^[-+]?(?:0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0[bB]_*[01][01_]*|0[oO]_*[0-7][0-7_]*|0[0-7_]*|[1-9][0-9_]*)$/,
    readInteger,
  ),
  scalar("float", /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9_]+)?$/, (text) =>
    Number(text.replaceAll("_", "")),
  ),
  scalar("float", /^[-+]?\.(?:inf|Inf|INF)$/, (text) => (text.startsWith("-") ? -Infinity : Infinity)),
  scalar("float", /^\.(?:nan|NaN|NAN)$/, () => Number.NaN),
];

/**
 * Parses YAML 1.1 with the scalars of helm's parser. Integers become bigints, so that `1` and `1.0` stay different. `errors` of the
 * document has what is wrong with it, a key that occurs twice included, which helm itself would not mind.
 * Source: go.yaml.in/yaml 2.4, resolve.go, behind sigs.k8s.io/yaml 1.6.
 */
export function parseHelmYaml(text: string): Document.Parsed<ParsedNode> {
  return parseDocument(text, {
    version: "1.1",
    schema: "failsafe",
    customTags: ["merge", ...scalars],
    prettyErrors: false,
    keepSourceTokens: true,
  });
}

/**
 * Characters that end a line in YAML 1.1 only. Behind one of them helm finds keys where other parsers find the rest of a comment or of a
 * text. Source: https://yaml.org/spec/1.1, 4.1.4; go.yaml.in/yaml 2.4, yamlprivateh.go, is_break.
 */
const otherLineEnd = /\r(?!\n)|[\u0085\u2028\u2029]/;

/**
 * Reads YAML as helm does. Characters that only helm reads as the end of a line are refused.
 * @returns its value (integers as bigints), or why it has none, in the parser's words: "Map keys must be unique (line 3)"
 */
export function readHelmYaml(text: string): { value: unknown } | { unreadable: string } {
  const ended = otherLineEnd.exec(text);
  if (ended !== null) {
    const character = `\\u${ended[0].charCodeAt(0).toString(16).padStart(4, "0")}`;
    const fix = "leave it out, or write it as an escape in double quotes";
    return { unreadable: `Helm ends a line at ${character}: ${fix} (line ${lineAt(text, ended.index)})` };
  }
  try {
    const document = parseHelmYaml(text);
    const [error] = document.errors;
    if (error !== undefined) {
      return { unreadable: `${error.message} (line ${lineAt(text, error.pos[0])})` };
    }
    if (hasComplexKey(document)) {
      return { unreadable: "A key is a map or a list, as in `{{ x }}`" };
    }
    return { value: document.toJS() as unknown };
  } catch (error) {
    // Aliases without an anchor, aliases that multiply, and brackets by the ten thousand are thrown.
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function lineAt(text: string, place: number): number {
  return text.slice(0, place).split("\n").length;
}

function hasComplexKey(document: Document.Parsed<ParsedNode>): boolean {
  let found = false;
  visit(document, {
    Pair: (_, { key }: Pair) => {
      found ||= !isScalar(key);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function scalar(name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

/** A number that fits no integer of 64 bits is a float to helm's parser. */
function readInteger(text: string): bigint | number {
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "");
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits.toLowerCase());
  const value = text.startsWith("-") ? -size : size;
  return value < leastInteger || value > mostInteger ? Number(value) : value;
}
