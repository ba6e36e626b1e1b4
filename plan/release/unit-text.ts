import type { ReadUnit } from "../../config/release/release-spec.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import type { NotesFiles } from "../../observe/source/notes.ts";
import { changelogSection } from "./changelog.ts";
import type { VersionPlan } from "./version.ts";

/** Characters. GitHub accepts 125,000; the rest is for what Lockstep adds. */
const longestText = 110_000;

/**
 * The text of the notes that comes from the workspace: the notes file, or the version's section of the changelog.
 * @param at a key of `notes` in the configuration as its user wrote it
 */
export function unitText(
  { notes }: ReadUnit,
  { changelog, notes: whole }: NotesFiles,
  { version, provisional }: VersionPlan,
  at: (key: string) => string,
): { text: string | undefined; mistakes: Mistake[] } {
  const text = whole ?? (changelog === undefined ? undefined : changelogSection(changelog, version));
  if (text === undefined && notes !== undefined && !provisional) {
    const reason = `has no section for ${version}`;
    const example = `a heading \`## ${version}\``;
    return { text, mistakes: [{ path: at("changelog"), value: notes.changelog, reason, example }] };
  }
  return { text, mistakes: (text?.length ?? 0) > longestText ? [tooLong(notes, at)] : [] };
}

function tooLong(notes: ReadUnit["notes"], at: (key: string) => string): Mistake {
  const most = `more than ${longestText} characters, which exceeds GitHub's limit for notes`;
  const example = "a shorter text with a link to the long one";
  if (notes?.file !== undefined) {
    return { path: at("file"), value: notes.file, reason: `has ${most}`, example };
  }
  const reason = `the version's section has ${most}`;
  return notes === undefined
    ? { path: "CHANGELOG.md", reason, example }
    : { path: at("changelog"), value: notes.changelog, reason, example };
}
