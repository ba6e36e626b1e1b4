import type { Story } from "../schedule/script.ts";
import { assetDeletedBeforePublishing } from "./asset-deleted-before-publishing.ts";
import { draftWithOldRecord } from "./draft-with-old-record.ts";
import { latestGoesBack } from "./latest-goes-back.ts";
import { provenanceOfAnotherRun } from "./provenance-of-another-run.ts";
import { publishedBetweenTwoAnswers } from "./published-between-two-answers.ts";
import { tagWrittenLate } from "./tag-written-late.ts";
import { uploadInProgress } from "./upload-in-progress.ts";

/** Every violation that was found, one story each. */
export const stories: readonly Story[] = [
  tagWrittenLate,
  uploadInProgress,
  latestGoesBack,
  draftWithOldRecord,
  assetDeletedBeforePublishing,
  publishedBetweenTwoAnswers,
  provenanceOfAnotherRun,
];
