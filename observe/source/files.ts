import { posix } from "node:path";
import type { Outline, OutlinedUnit } from "../../config/release/outline.ts";
import { observeAssets } from "./assets.ts";
import type { AssetFile } from "./assets.ts";
import type { ArtifactFiles } from "./artifact/artifact-files.ts";
import { checkArtifact } from "./artifact/artifact-sources.ts";
import { observeDocuments } from "./documents.ts";
import { observeNotes } from "./notes.ts";
import type { NotesFiles } from "./notes.ts";
import type { Observed } from "./workspace/observed.ts";

/** What the configuration of one unit names and the workspace has. */
export interface UnitFiles extends NotesFiles {
  assets: AssetFile[];
  /** In the order of the unit's artifacts. */
  artifacts: ArtifactFiles[];
  /** Names of documents that the unit attaches if they are there, and that are not, each with the reason. Default none. */
  missingDocuments?: readonly string[];
}

/**
 * Looks for every file that the configuration names. Reads only.
 * @param pathOf a place in the configuration as its user wrote it
 * @returns a unit's files in the order of the outline, and a mistake for each that is missing, in the order of the configuration
 */
export async function observeFiles(
  { workspace, units }: Outline,
  pathOf: (path: readonly PropertyKey[]) => string,
): Promise<Observed<UnitFiles[]>> {
  const observed = await Promise.all(
    units.map((unit, index) => observeUnitFiles(workspace, unit, (...path) => pathOf(["units", index, ...path]))),
  );
  return { found: observed.map(({ found }) => found), mistakes: observed.flatMap(({ mistakes }) => mistakes) };
}

async function observeUnitFiles(
  workspace: string,
  unit: OutlinedUnit,
  at: (...path: PropertyKey[]) => string,
): Promise<Observed<UnitFiles>> {
  const chart = documentedChart(unit);
  const changelog = chart && posix.join(chart.folder, "CHANGELOG.md");
  const [artifacts, assets, notes] = await Promise.all([
    Promise.all(
      unit.artifacts.map((artifact) => checkArtifact(workspace, artifact, (key) => at(...artifact.place, key))),
    ),
    observeAssets(workspace, unit.assets ?? [], unit.signing !== "off", (...path) => at("assets", ...path)),
    observeNotes(workspace, unit.notes, (key) => at("notes", key), changelog),
  ]);
  const documents =
    chart && (await observeDocuments(workspace, chart.folder, assets.found, at(...chart.place, "path")));
  return {
    found: {
      artifacts: artifacts.map(({ found }) => found),
      assets: [...assets.found, ...(documents?.files ?? [])],
      ...(documents && { missingDocuments: documents.missing }),
      ...notes.found,
    },
    mistakes: [
      ...artifacts.flatMap(({ mistakes }) => mistakes),
      ...assets.mistakes,
      ...(documents?.mistakes ?? []),
      ...notes.mistakes,
    ],
  };
}

/** The chart whose folder has the unit's documents; undefined for a unit without them. */
function documentedChart({
  chart: set,
  artifacts,
}: OutlinedUnit): { folder: string; place: readonly PropertyKey[] } | undefined {
  for (const { kind, written, place } of set ? artifacts : []) {
    if (kind === "chart" && written.path !== undefined) {
      return { folder: written.path, place };
    }
  }
  return undefined;
}
