import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Mistake } from "../../../errors/configuration-error.ts";
import { computeDigest } from "../../../formats/artifact/digest.ts";
import { findHubMistake } from "../../../formats/chart/hub/hub-metadata.ts";
import { fileKind } from "../workspace/file-kind.ts";

/** The metadata of a repository for Artifact Hub as it lies in the workspace. */
export interface HubFile {
  /** Path below the workspace. */
  path: string;
  /** Hex, 64 digits. */
  sha256: string;
}

/** In bytes. Some ids and addresses have a few hundred. */
const largest = 2 ** 20;

/**
 * Reads artifacthub-repo.yml, and checks that Artifact Hub can read it.
 * @param at the place of the path in the configuration
 * @returns the file, or the one mistake
 */
export async function observeHubFile(workspace: string, path: string, at: string): Promise<HubFile | Mistake> {
  const mistake = (reason: string): Mistake => ({
    path: at,
    value: path,
    reason,
    example: "a file with `repositoryID: …`, the id that Artifact Hub's control panel shows",
  });
  const kind = await fileKind(workspace, path);
  if (kind !== "file") {
    return mistake(kind === "folder" ? "is a folder, not a file" : "does not exist");
  }
  const file = join(workspace, path);
  if ((await stat(file)).size > largest) {
    return mistake("is larger than 1 MiB");
  }
  const bytes = await readFile(file);
  const reason = findHubMistake(bytes.toString("utf8"));
  return reason === undefined ? { path, sha256: computeDigest(bytes).slice("sha256:".length) } : mistake(reason);
}
