import { exceptions, layers } from "./layers.ts";
import type { Layer, Reach } from "./layers.ts";

/** What stands in docs/architecture.md in front of and behind a part that is written from the table of layers. */
const marks: Record<Part, readonly [begin: string, end: string]> = {
  drawing: ["<!-- layers: drawing -->", "<!-- end of the drawing -->"],
  table: ["<!-- layers: table -->", "<!-- end of the table -->"],
};

/** A part of docs/architecture.md that is written from the table of layers. */
export type Part = "drawing" | "table";

/** Mermaid shapes by reach, so that the drawing reads the same in light and dark. Source: https://mermaid.js.org/syntax/flowchart.html */
const shapes: Record<Reach, readonly [begin: string, end: string]> = {
  pure: ["([", "])"],
  machine: ["[", "]"],
  network: ["[[", "]]"],
  anything: ["{{", "}}"],
};

const reaches: Record<Reach, string> = {
  pure: "nothing",
  machine: "files, processes",
  network: "files, sockets",
  anything: "anything",
};

/**
 * The layers as a Mermaid flowchart. A solid arrow means "imports", a dotted one "imports types only". An arrow is left out if a chain of
 * solid arrows says the same.
 */
export function layerDrawing(): string {
  const nodes = layers.map(({ folder, reach }) => {
    const [begin, end] = shapes[reach];
    return `  ${nodeOf(folder)}${begin}"${folder}/"${end}`;
  });
  const solid = layers.flatMap((layer) => leastImports(layer).map((to) => arrow(layer, "-->", to)));
  const dotted = layers.flatMap((layer) =>
    foldersOf(layer.importsTypesOf ?? []).map((to) => arrow(layer, "-. types .->", to)),
  );
  return ["```mermaid", "flowchart TD", ...nodes, ...solid, ...dotted, "```"].join("\n");
}

/** The layers as a Markdown table, in the order of the table in lint/layers.ts. */
export function layerTable(): string {
  const rows = layers.map((layer) => [
    `\`${layer.folder}/\``,
    layer.holds,
    importsOf(layer),
    `${reaches[layer.reach]}${layer.pulumi ? "; Pulumi" : ""}${exceptionsOf(layer)}`,
  ]);
  return ["| folder | contents | imports | may touch |", "| --- | --- | --- | --- |"]
    .concat(rows.map((row) => `| ${row.join(" | ")} |`))
    .join("\n");
}

/**
 * The page with both parts written anew.
 * @throws Error a mark is missing
 */
export function withLayers(page: string): string {
  return withPart(withPart(page, "drawing", layerDrawing()), "table", layerTable());
}

function withPart(page: string, part: Part, text: string): string {
  const [begin, end] = marks[part];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`docs/architecture.md has no ${begin} … ${end}`);
  }
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function importsOf({ imports, importsTypesOf = [] }: Layer): string {
  const names = [...imports.map((name) => `\`${name}\``), ...importsTypesOf.map((name) => `types of \`${name}\``)];
  return names.length > 0 ? names.join(", ") : "nothing";
}

function exceptionsOf({ folder }: Layer): string {
  return exceptions
    .filter(({ file }) => file.startsWith(`${folder}/`))
    .map(({ file, reach }) => `; \`${file}\` also ${reaches[reach]}`)
    .join("");
}

/** What a layer imports and none of its other imports reaches. */
function leastImports({ imports }: Layer): string[] {
  const direct = foldersOf(imports);
  const byOthers = new Set(direct.flatMap(reachedFrom));
  return direct.filter((folder) => !byOthers.has(folder));
}

function reachedFrom(folder: string): string[] {
  const direct = foldersOf(layers.find((layer) => layer.folder === folder)?.imports ?? []);
  return direct.flatMap((to) => [to, ...reachedFrom(to)]);
}

/** "observe" in the table means both layers below it. */
function foldersOf(names: readonly string[]): string[] {
  return layers
    .map(({ folder }) => folder)
    .filter((folder) => names.some((name) => folder === name || folder.startsWith(`${name}/`)));
}

function arrow({ folder }: Layer, line: string, to: string): string {
  return `  ${nodeOf(folder)} ${line} ${nodeOf(to)}`;
}

/** Slashes are not allowed in the ids of Mermaid. */
function nodeOf(folder: string): string {
  return folder.replaceAll("/", "_");
}
