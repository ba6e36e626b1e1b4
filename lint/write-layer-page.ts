import { readFile, writeFile } from "node:fs/promises";
import { withLayers } from "./layer-page.ts";

// Writes the parts of docs/architecture.md that come from the table of layers: `node lint/write-layer-page.ts`.
const page = new URL("../docs/architecture.md", import.meta.url);
await writeFile(page, withLayers(await readFile(page, "utf8")));
