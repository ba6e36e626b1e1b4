import type { ReadUnit } from "../../config/release/release-spec.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import type { UnitFiles } from "../../observe/source/files.ts";
import { changelogSection } from "../notes/changelog.ts";
import type { VersionPlan } from "./version.ts";

/** Characters. GitHub accepts 125,000; the rest is for what Lockstep adds. */
const longestText = 110_000;

/** A text for the notes and where it stands, for messages. */
interface FoundText {
  text: string | undefined;
  path: string;
  /** What the configuration says at that path; undefined for a path that is not in the configuration. */
  value?: string | undefined;
  /** Whether only a part of what is there is the text. */
  section?: boolean;
}

/** The git tag of the version. */
export interface VersionTag {
  name: string;
  /** What it says below its title; undefined if it is not at this commit, is not annotated, or says nothing more. */
  message: string | undefined;
}

/**
 * The text of the notes that comes from the workspace: the notes file, or the version's section of the changelog. For a unit with the
 * documents of a chart, the message of the git tag comes first, and the changes in Chart.yaml come last.
 * @param at a key of `notes` in the configuration as its user wrote it
 */
export function unitText(
  unit: ReadUnit,
  files: UnitFiles,
  { version, provisional }: VersionPlan,
  tag: VersionTag,
  at: (key: string) => string,
): { text: string | undefined; mistakes: Mistake[] } {
  const { notes } = unit;
  const found = listTexts(unit, files, version, tag, at).find(({ text }) => text !== undefined);
  if (found === undefined && notes !== undefined && !provisional) {
    const reason = `has no section for ${version}`;
    const example = `a heading \`## ${version}\``;
    return { text: undefined, mistakes: [{ path: at("changelog"), value: notes.changelog, reason, example }] };
  }
  const text = found?.text;
  return { text, mistakes: found && (text?.length ?? 0) > longestText ? [tooLong(found)] : [] };
}

function listTexts(
  { notes, chart }: ReadUnit,
  { changelog, notes: whole, artifacts: files }: UnitFiles,
  version: string,
  tag: VersionTag,
  at: (key: string) => string,
): FoundText[] {
  const folder = chart?.folder;
  const section: FoundText = {
    text: changelog === undefined ? undefined : changelogSection(changelog, version),
    ...(notes === undefined
      ? { path: folder === undefined ? "CHANGELOG.md" : `${folder}/CHANGELOG.md` }
      : { path: at("changelog"), value: notes.changelog }),
    section: true,
  };
  const configured: FoundText[] = [{ text: whole, path: at("file"), value: notes?.file }, section];
  return folder === undefined
    ? configured
    : [
        { text: tag.message, path: `git tag ${tag.name}` },
        ...configured,
        { text: files.find(({ words }) => words)?.words?.changes, path: `${folder}/Chart.yaml: annotations` },
      ];
}

function tooLong({ path, value, section }: FoundText): Mistake {
  const most = `more than ${longestText} characters, which exceeds GitHub's limit for notes`;
  return {
    path,
    ...(value === undefined ? {} : { value }),
    reason: section ? `the version's section has ${most}` : `has ${most}`,
    example: "a shorter text with a link to the long one",
  };
}
