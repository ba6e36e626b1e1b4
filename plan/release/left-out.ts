import type { UnitPlan } from "../project/project.ts";

/**
 * Names what a unit's Release does not have although a reader might expect it, a line each.
 * @param gitTag the version's git tag, which may carry the text of the notes
 */
export function listLeftOut({ text, spec, files }: UnitPlan, gitTag: string): string[] {
  const { chart, artifacts, license } = spec;
  const remarks = chart === undefined ? [] : files.artifacts.flatMap(({ words }) => words?.remarks ?? []);
  const noText =
    chart === undefined
      ? "CHANGELOG.md has no section for this version"
      : `the git tag ${gitTag} has no message, the chart's CHANGELOG.md no section for this version, and its Chart.yaml no artifacthub.io/changes`;
  return [
    ...(text === undefined ? [`no text of its own in the notes: ${noText}`] : []),
    ...remarks,
    ...(files.missingDocuments ?? []),
    ...(license === undefined && artifacts.some(({ kind }) => kind === "image")
      ? ["no licenses label: `license` is not configured"]
      : []),
  ];
}
