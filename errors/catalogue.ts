import { anyService } from "./catalogue/any-service.ts";
import { builderRefusals, removeFailedStep } from "./catalogue/builder.ts";
import { gitHubRefusals } from "./catalogue/github.ts";
import { matches, rankRefusal } from "./catalogue/known-refusal.ts";
import type { KnownRefusal } from "./catalogue/known-refusal.ts";
import { organizationRefusals } from "./catalogue/organization.ts";
import { registryRefusals } from "./catalogue/registry.ts";
import { repositorySettingsRefusals } from "./catalogue/repository-settings.ts";
import type { Explanation } from "./explanation.ts";

/** All known refusals. Their order decides nothing (known-refusal.ts). */
export const catalogue: readonly KnownRefusal[] = [
  ...anyService,
  ...registryRefusals,
  ...builderRefusals,
  ...gitHubRefusals,
  ...organizationRefusals,
  ...repositorySettingsRefusals,
];

const unknownWords: Explanation = {
  code: "UNEXPECTED",
  meaning: "This answer is not in the catalogue of known ones.",
  fix: "Read the reason above. If it does not help, report it with this text.",
};

/**
 * Looks words up in the catalogue.
 * @param words the server's words, with the HTTP status in front if there is one ("403 denied: …"; "0 ECONNREFUSED …" = no answer)
 * @param request the refused request, "METHOD address"; some words mean something else on other requests
 * @returns of the rows that match the one that asks most of an answer; undefined for unknown words
 */
export function findRefusal(words: string, request = ""): KnownRefusal | undefined {
  const text = removeFailedStep(words);
  return catalogue
    .filter((row) => matches(row, text, request))
    .toSorted((one, other) => rankRefusal(other) - rankRefusal(one))[0];
}

/**
 * What words mean and how to fix it.
 * @param words as in findRefusal()
 * @param request as in findRefusal()
 * @param page address of the page of the thing that refused, for a fix that is on it. Default: the fix describes the page
 * @returns for unknown words an explanation that says so
 */
export function explanationOf(words: string, request = "", page?: string): Explanation {
  const known = findRefusal(words, request);
  if (known === undefined) {
    return unknownWords;
  }
  const { code, meaning, fix, rerun } = known;
  return {
    code,
    meaning,
    fix: typeof fix === "string" ? fix : fix(page),
    ...(rerun === undefined ? {} : { rerun }),
  };
}
