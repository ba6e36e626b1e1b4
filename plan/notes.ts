import { checksumsName } from "../formats/checksums.ts";
import { digestPlace } from "../formats/places.ts";
import { recordName } from "../formats/release-record.ts";

/** What the notes are made of. */
export interface NotesContent {
  /** From the changelog or the notes file, with any line ends. */
  text: string | undefined;
  artifacts: readonly { name: string; kind: string; repository: string; tag: string }[];
  /** Names of the attached files, without those that Lockstep makes. */
  assets: readonly string[];
  /** Full commit id. */
  revision: string;
}

/**
 * The notes of a Release in Markdown, with a place for each digest.
 * What a reader needs after the text: where each artifact is, how to check the files, and that nothing is signed.
 */
export function notes({ text, artifacts, assets, revision }: NotesContent): string {
  const parts = [
    text?.replaceAll("\r\n", "\n").trim() || undefined,
    artifacts.length > 0
      ? [
          "## Artifacts",
          "",
          "| name | kind | reference |",
          "| --- | --- | --- |",
          ...artifacts.map(
            ({ name, kind, repository, tag }) =>
              `| ${name} | ${kind} | \`${repository}:${tag}@${digestPlace(name)}\` |`,
          ),
        ].join("\n")
      : undefined,
    assets.length > 0
      ? [
          "## Files",
          "",
          "Download the files and check them:",
          "",
          "```sh",
          `sha256sum --check --ignore-missing ${checksumsName}`,
          "```",
        ].join("\n")
      : undefined,
    [
      `Built from commit \`${revision}\`; \`${recordName}\` lists every digest.`,
      "This release is **not signed** (`signing: off`).",
    ].join("\n"),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}
