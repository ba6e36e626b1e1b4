import type { Rule } from "../rules/observer.ts";
import type { Mix } from "../schedule/settings.ts";

/** The product without one of its guards. */
export interface Mutant {
  /** Its patch in this folder, without the ending. */
  patch: string;
  /** The guard that it takes away. */
  removes: string;
  /** The rule that must catch it. */
  rule: Rule;
  /** The mix in which it is played. */
  mix: Mix;
  signed: boolean;
  /** Patches that are applied as well: where one guard stands behind another, both must go. Default none. */
  with?: readonly string[];
}

/** Every mutant. */
export const mutants: readonly Mutant[] = [
  {
    patch: "no-look-before-tag",
    removes: "the look at the version tag directly before it is written",
    rule: "I3 a version tag does not move",
    mix: "twins",
    signed: false,
  },
  {
    patch: "no-read-back",
    removes: "the reading of the version tag after it was written",
    rule: "I1 a public Release is whole",
    mix: "twins",
    signed: false,
    with: ["tags-not-compared"],
  },
  {
    patch: "conflict-is-fine",
    removes: "the refusal of a version tag with another digest",
    rule: "I1 a public Release is whole",
    mix: "twins",
    signed: false,
  },
  {
    patch: "tags-before-proofs",
    removes: "the edge from the proofs to the version tags",
    rule: "I2 a version tag is signed",
    mix: "alone",
    signed: true,
  },
  {
    patch: "release-beside-tags",
    removes: "the edge from the version tags to the Release",
    rule: "a twin does not fail",
    mix: "alone",
    signed: false,
  },
  {
    patch: "always-latest",
    removes: "the search for a higher version before Latest is set",
    rule: "I4 Latest does not go back",
    mix: "two lanes",
    signed: false,
  },
  {
    patch: "one-list-write",
    removes: "the completion of a list of attachments that another writer has cut",
    rule: "a twin does not fail",
    mix: "twins",
    signed: true,
  },
  {
    patch: "any-signature-counts",
    removes: "the comparison of a statement with the wanted one",
    rule: "I2 a version tag is signed",
    mix: "alone",
    signed: true,
  },
  {
    patch: "git-tag-anywhere",
    removes: "the comparison of the git tag with the commit, by its own step and before publishing",
    rule: "I1 a public Release is whole",
    mix: "with a person",
    signed: false,
  },
  {
    patch: "no-compare",
    removes: "the comparison of everything before publishing",
    rule: "I1 a public Release is whole",
    mix: "with a person",
    signed: false,
  },
  {
    patch: "no-look-after",
    removes: "the look at everything after publishing",
    rule: "success means whole",
    mix: "with a person",
    signed: false,
  },
  {
    patch: "no-assets",
    removes: "the upload of assets",
    rule: "I1 a public Release is whole",
    mix: "alone",
    signed: false,
    with: ["no-compare"],
  },
  {
    patch: "publish-first",
    removes: "the upload of assets before publishing",
    rule: "I1 a public Release is whole",
    mix: "alone",
    signed: false,
    with: ["no-compare"],
  },
  {
    patch: "starter-is-whole",
    removes: "the refusal of an upload that has not ended",
    rule: "I1 a public Release is whole",
    mix: "twins",
    signed: false,
  },
  {
    patch: "keep-drafts",
    removes: "the removal of drafts that are left",
    rule: "one draft for each run",
    mix: "twins",
    signed: false,
  },
  {
    patch: "replace-public-asset",
    removes: "the refusal to replace a published asset that has other bytes",
    rule: "I5 nothing published is deleted",
    mix: "with a person",
    signed: false,
  },
  {
    patch: "no-look-before-create",
    removes: "the search for a draft of ours",
    rule: "one draft for each run",
    mix: "alone",
    signed: false,
  },
  {
    patch: "retried-create",
    removes: "the search for a draft of ours before a draft is made again",
    rule: "one draft for each run",
    mix: "alone",
    signed: false,
  },
  {
    patch: "remove-without-look",
    removes: "the question whether a listed draft is still a draft",
    rule: "I5 nothing published is deleted",
    mix: "lagging lists",
    signed: false,
  },
  {
    patch: "twin-is-failure",
    removes: "the search for the Release of a twin after a refusal",
    rule: "a twin does not fail",
    mix: "twins",
    signed: false,
  },
  {
    patch: "no-latest-read-back",
    removes: "the correction of Latest after publishing",
    rule: "I4 Latest does not go back",
    mix: "two lanes",
    signed: false,
  },
];
