import { stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Mistake } from "../../errors/configuration-error.ts";
import { documentNames } from "../../formats/release/document-names.ts";
import type { AssetFile } from "./assets.ts";
import { fileKind } from "./workspace/file-kind.ts";

/** The documents of a chart's folder, as assets. */
export interface Documents {
  files: AssetFile[];
  /** Names of those that are missing, each with the reason. */
  missing: string[];
  mistakes: Mistake[];
}

/**
 * Finds the documents that a Release of a chart attaches. A missing one stops nothing. LICENSE may also lie at the top of the workspace,
 * because most repositories have one for all that is in them.
 * @param folder the chart's folder below the workspace
 * @param taken the unit's other files, whose names no document may have
 * @param at the place of the folder in the configuration, for messages
 */
export async function observeDocuments(
  workspace: string,
  folder: string,
  taken: readonly AssetFile[],
  at: string,
): Promise<Documents> {
  const found = await Promise.all(documentNames.map((name) => findDocument(workspace, folder, name)));
  const files = found.flatMap(({ file }) => file ?? []);
  return {
    files,
    missing: found.flatMap(({ missing }) => missing ?? []),
    mistakes: files.flatMap(({ name, path }) => {
      const other = taken.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (other === undefined) {
        return [];
      }
      const reason = `has the asset name \`${name}\`, and ${other.path} has \`${other.name}\``;
      return [{ path: at, value: path, reason, example: "files with different names" }];
    }),
  };
}

async function findDocument(
  workspace: string,
  folder: string,
  name: (typeof documentNames)[number],
): Promise<{ file?: AssetFile; missing?: string }> {
  const own = posix.join(folder, name);
  const places = name === "LICENSE" ? [own, name] : [own];
  for (const path of places) {
    if ((await fileKind(workspace, path)) === "file") {
      // GitHub accepts no empty files.
      const isEmpty = (await stat(join(workspace, path))).size === 0;
      return isEmpty ? { missing: `${name}: ${path} is empty` } : { file: { name, path, signed: false } };
    }
  }
  return { missing: `${name}: there is no ${places.join(", and no ")}` };
}
