import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Notes } from "../../config/release/notes.ts";
import type { Lenient } from "../../config/lenient.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import type { Observed } from "./workspace/observed.ts";
import { fileKind } from "./workspace/file-kind.ts";

/** The texts that a unit's notes are made of. */
export interface NotesFiles {
  /** CHANGELOG.md (of a chart with documents: that in its folder), or the file that `notes.changelog` names; undefined if there is none. */
  changelog: string | undefined;
  /** The file that `notes.file` names; undefined if none is configured. */
  notes: string | undefined;
}

/**
 * Reads the files of a unit's notes.
 * @param notes `notes` of the unit; undefined if it says nothing of them: the changelog is read if it is there
 * @param at a place in `notes`, for messages
 * @param changelog where the changelog is if the unit does not say it, a path below the workspace. Default CHANGELOG.md
 */
export async function observeNotes(
  workspace: string,
  notes: Lenient<Notes> | undefined,
  at: (key: string) => string,
  changelog = "CHANGELOG.md",
): Promise<Observed<NotesFiles>> {
  const [mistakes, changes, text] = await Promise.all([
    missingNotes(workspace, notes, at),
    textOf(workspace, notes ? notes.changelog : changelog),
    textOf(workspace, notes?.file),
  ]);
  return { found: { changelog: changes, notes: text }, mistakes };
}

async function missingNotes(
  workspace: string,
  notes: Lenient<Notes> | undefined,
  at: (key: string) => string,
): Promise<Mistake[]> {
  const [key, file] = notes?.changelog === undefined ? ["file", notes?.file] : ["changelog", notes.changelog];
  if (file === undefined || (await fileKind(workspace, file)) === "file") {
    return [];
  }
  return [{ path: at(key), value: file, reason: "does not exist", example: "`CHANGELOG.md`" }];
}

async function textOf(workspace: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined || (await fileKind(workspace, path)) !== "file"
    ? undefined
    : readFile(join(workspace, path), "utf8");
}
