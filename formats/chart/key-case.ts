import { placeIn } from "./chart-mistake.ts";
import type { ChartMistake } from "./chart-mistake.ts";

/**
 * helm reads `Version:` as `version:`, and uses one of them if both are there. Keys that differ in letter case are mistakes; they are
 * renamed, so that the values below them are checked as well.
 * @param file path of the file in the chart's folder
 * @param value what the file has
 * @param known the keys that helm knows: of the file under "", and of the items of a list under the list's own key
 */
export function renameKeys(
  file: string,
  value: unknown,
  known: Readonly<Record<string, readonly string[]>>,
): { tree: unknown; mistakes: ChartMistake[] } {
  const mistakes: ChartMistake[] = [];
  const rename = (tree: unknown, keys: readonly string[], path: readonly PropertyKey[]): unknown => {
    if (!isMap(tree)) {
      return tree;
    }
    return Object.fromEntries(
      Object.entries(tree).map(([key, inner]) => {
        const meant = keys.find((one) => fold(one) === fold(key)) ?? key;
        if (meant !== key) {
          const reason = `is \`${meant}\` to helm, which ignores letter case`;
          mistakes.push({ path: placeIn(file, [...path, key]), reason, example: `\`${meant}\`` });
        }
        const items = path.length === 0 ? known[meant] : undefined;
        return [
          meant,
          items && Array.isArray(inner) ? inner.map((item, index) => rename(item, items, [key, index])) : inner,
        ];
      }),
    );
  };
  return { tree: rename(value, known[""] ?? [], []), mistakes };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Go folds `ſ` to s and the sign for Kelvin to k as well. Source: encoding/json, fold.go. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase();
}
