import { unfilled } from "../../formats/release/places.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import type { PublishedRelease } from "../../observe/published/release.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";

/** A published Release whose record says what it is made of. */
export type RecordedRelease = PublishedRelease & { record: ReleaseRecord };

/**
 * The published Release of a unit with its record.
 * @param unitVersion `app@1.2.3`
 * @returns undefined if it is not published, not ours, or its record cannot be read
 */
export function recordedRelease({ release }: PublishedUnit, unitVersion: string): RecordedRelease | undefined {
  return release?.record && release.owner === unitVersion ? { ...release, record: release.record } : undefined;
}

/**
 * The notes of a Release as they were published, with places for digests.
 * @returns undefined if they are not there between our marks any more
 */
export function publishedNotes(release: RecordedRelease | undefined): string | undefined {
  if (release?.notes === undefined) {
    return undefined;
  }
  const digests = Object.entries(release.record.artifacts).map(([name, { digest }]) => [name, digest]);
  return unfilled(release.notes, Object.fromEntries(digests) as Record<string, string>);
}
