import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Mistake } from "../../../errors/configuration-error.ts";
import { fileKind } from "../workspace/file-kind.ts";

/** An SBOM as it lies in the workspace. */
export interface SbomFile {
  /** Path below the workspace. */
  path: string;
  /** Hex, 64 digits. */
  sha256: string;
}

/** What GitHub takes as a predicate, in bytes. Source: github.com/actions/attest README, "predicate". */
const largestPredicate = 16 * 2 ** 20;

/**
 * Reads an SBOM and holds it against what can be attested: an SPDX 2 document in JSON, small enough for everybody who stores attestations.
 * @param at the place of the path in the configuration
 * @returns the file, or the one mistake
 */
export async function observeSbom(workspace: string, path: string, at: string): Promise<SbomFile | Mistake> {
  const mistake = (reason: string): Mistake => ({
    path: at,
    value: path,
    reason,
    example: "an SPDX 2.3 document, as `syft scan dir:. --output spdx-json=app.spdx.json` writes it",
  });
  const kind = await fileKind(workspace, path);
  if (kind !== "file") {
    return mistake(kind === "folder" ? "is a folder, not a file" : "does not exist");
  }
  const file = join(workspace, path);
  if ((await stat(file)).size > largestPredicate) {
    return mistake("is larger than 16 MiB, and GitHub accepts no larger SBOM");
  }
  const bytes = await readFile(file);
  const reason = unfitReason(bytes.toString("utf8"));
  return reason === undefined ? { path, sha256: createHash("sha256").update(bytes).digest("hex") } : mistake(reason);
}

function unfitReason(text: string): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return "is not JSON";
  }
  const { spdxVersion } = (document ?? {}) as { spdxVersion?: unknown };
  if (typeof spdxVersion !== "string") {
    return "is not an SPDX document: it has no `spdxVersion`";
  }
  return spdxVersion.startsWith("SPDX-2") ? undefined : `is of ${spdxVersion}, and only SPDX 2 is attested`;
}
