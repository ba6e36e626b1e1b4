import * as fc from "fast-check";
import type { RealChart } from "./real-charts/real-chart.ts";

/** A chart with a name of its own, and some versions of its .helmignore. */
export interface IgnoreCase {
  chart: RealChart;
  ignores: readonly string[];
}

/**
 * Names that patterns could stumble over. None that a chart cannot have: backslashes, `..` at the beginning, `.git`.
 * `templates` and a dot meet helm's own rule.
 */
const partNames = [
  "a",
  "b",
  "ab",
  "abc",
  "a.b",
  "b.a",
  ".a",
  ".ab",
  "A",
  "a b",
  "!a",
  "#a",
  "[a]",
  "a*",
  "a?",
  "-",
  "^",
  "~",
];
const otherPartNames = ["é", "☺", "a☺b", "e\u0301", "{a,b}", "a\u00a0", "templates", "crds", "Chart.yaml", "values.md"];
const anyPart = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...partNames) }, fc.constantFrom(...otherPartNames));
const anyPath = fc.array(anyPart, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

/** Links lead into `linked`, which has none: helm does not end in a circle. */
const linkTargets = ["linked", "linked/a", "linked/deep", "linked/deep/.ab"];
const linked = Object.fromEntries(["a", "b.a", "deep/.ab", "deep/templates/.a"].map((one) => [`linked/${one}`, ""]));

const tree = fc.record({
  paths: fc.uniqueArray(anyPath, { minLength: 2, maxLength: 10 }),
  links: fc.array(fc.tuple(anyPart, fc.constantFrom(...linkTargets)), { maxLength: 2 }),
});

/** Pieces of patterns; put together at random, some are malformed. */
const signs = ["a", "b", "ab", ".", "*", "*", "?", "/", "é", "☺", "-", "!", "#", " ", "~", "\\", "[", "]", "^", "**"];
const classes = ["[ab]", "[^a]", "[a-c]", "[^☺]", "[!a]", "[\\]]", "[\\-a]", "[a-é]", "[^/]", "[.]"];
const anything = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...signs) }, fc.constantFrom(...classes)), { maxLength: 6 })
  .map((parts) => parts.join(""));

/** What may stand for one character of a path, so that the pattern mostly still matches it. */
const stands: readonly ((character: string) => string)[] = [
  () => "?",
  () => "*",
  () => "[^z]",
  () => "[!-~]",
  () => "",
  (character) => `[${character}z]`,
  (character) => `[^${character}]`,
  (character) => `\\${character}`,
];

/** The way to a file or a folder, or the name of one, with some of its characters replaced. */
function likeOne(paths: readonly string[]): fc.Arbitrary<string> {
  const ways = paths.flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/")));
  const known = [...new Set([...ways, ...paths.flatMap((path) => path.split("/"))])];
  const change = fc.tuple(fc.nat(9), fc.constantFrom(...stands));
  return fc.tuple(fc.constantFrom(...known), fc.array(change, { maxLength: 2 })).map(([text, changes]) => {
    const characters = [...text];
    for (const [at, stand] of changes) {
      const character = characters[at];
      if (character !== undefined && character !== "/") {
        characters[at] = stand(character);
      }
    }
    return characters.join("");
  });
}

/** Lines of a .helmignore. A chart without its Chart.yaml is nearly all that most negated patterns leave, so few are. */
function ignoreFor(paths: readonly string[]): fc.Arbitrary<string> {
  const line = fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constantFrom(" ", "\t", "#")),
      fc.oneof({ weight: 29, arbitrary: fc.constant("") }, fc.constant("!")),
      fc.constantFrom("", "", "", "/"),
      fc.oneof({ weight: 4, arbitrary: likeOne(paths) }, anything),
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom("", "", "/") }, fc.constantFrom("//", " ", "\u00a0", " # a")),
    )
    .map((parts) => parts.join(""));
  return fc
    .tuple(
      fc.constantFrom("", "", "\ufeff"),
      fc.array(line, { minLength: 1, maxLength: 5 }),
      fc.constantFrom("\n", "\n", "\r\n"),
    )
    .map(([mark, lines, end]) => mark + lines.map((text) => text + end).join(""));
}

/**
 * Makes up charts, the same for the same seed.
 * @param many charts
 * @param each versions of .helmignore for each of them
 */
export function ignoreCases(seed: number, many: number, each: number): IgnoreCase[] {
  const madeUp = tree.chain(({ paths, links }) => {
    const chart = chartOf(paths, links);
    const named = [...Object.keys(chart.files), ...Object.keys(chart.links ?? {})];
    return fc.array(ignoreFor(named), { minLength: each, maxLength: each }).map((ignores) => ({ chart, ignores }));
  });
  return fc.sample(madeUp, { seed, numRuns: many }).map(({ chart, ignores }, at) => {
    const name = `case-${at}`;
    const files = { ...chart.files, "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n` };
    return { chart: { ...chart, name, files }, ignores };
  });
}

function chartOf(paths: readonly string[], links: readonly (readonly [string, string])[]): RealChart {
  const files: Record<string, string> = { "Chart.yaml": "", ...linked };
  const isTaken = (path: string): boolean =>
    Object.keys(files).some((other) => `${other}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${other}/`));
  for (const path of paths) {
    if (!isTaken(path)) {
      files[path] = "";
    }
  }
  return { name: "", files, links: Object.fromEntries(links.filter(([path]) => !isTaken(path))) };
}
