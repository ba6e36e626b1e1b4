import { compare } from "semver";
import type { ErrorCode } from "../../../errors/catalogue/error-code.ts";
import { ReleaseError } from "../../../errors/release-error.ts";
import { readOwner } from "../../../formats/release/release-mark.ts";
import type { Lane } from "../runs/lane.ts";
import type { ReleaseRun } from "../runs/release-run.ts";
import type { Act } from "./person.ts";
import type { Settings } from "./settings.ts";
import type { Simulation } from "./simulation.ts";

/** Codes of failures that a broken connection or a busy server explains. */
const temporary: readonly ErrorCode[] = ["UNREACHABLE", "SERVER_FAULT", "RATE_LIMITED"];

/** Codes of conflicts that wait for a person, each with what a person must have done. */
const conflicts: Partial<Record<ErrorCode, readonly Act[]>> = {
  ASSET_CONFLICT: ["replaces an asset"],
  // Without the tag and without the record, nothing says which digest was published.
  DIGEST_GONE: ["deletes a version tag"],
  DRAFT_FOREIGN: ["writes a draft"],
  GIT_TAG_CONFLICT: ["tags another commit"],
  RELEASE_CONFLICT: ["moves a version tag", "deletes a version tag", "tags another commit", "writes a draft"],
  SIGNATURE_MISSING: ["moves a version tag"],
  // A run that is under way writes a tag again that a person deletes: its own digest (docs/limits.md).
  TAG_CONFLICT: ["moves a version tag", "deletes a version tag"],
};

/** A run may fail for a reason that it names and that is there; beside a twin that builds the same, there is none. */
export function judgeFailure({ observer }: Simulation, { mix, reproducible }: Settings, run: ReleaseRun): void {
  if (run.outcome?.ended !== "failed") {
    return;
  }
  for (const error of run.outcome.errors) {
    const code = error instanceof ReleaseError ? error.code : undefined;
    const words = `${run.process.name} failed: ${error instanceof Error ? error.message : String(error)}`;
    const conflict = mix === "with a person" || (!reproducible && mix !== "alone");
    if (
      code === undefined ||
      code === "UNEXPECTED" ||
      code === "CONFIGURATION" ||
      (!temporary.includes(code) && !conflict)
    ) {
      observer.add("a twin does not fail", words);
    }
  }
}

/**
 * Whether each error of a run is a conflict that waits for a person: a person has done something that brings it, or two writers of one version
 * tag met, which docs/limits.md admits.
 */
export function waitsForPerson({ acts, observer }: Simulation, run: ReleaseRun): boolean {
  const tagMoved = observer.findings.some(({ rule, limit }) => limit && rule.startsWith("I3"));
  return (
    run.outcome?.ended === "failed" &&
    run.outcome.errors.every((error) => {
      const code = error instanceof ReleaseError ? error.code : undefined;
      const explained = tagMoved && (code === "TAG_CONFLICT" || code === "RELEASE_CONFLICT");
      return code !== undefined && (explained || (conflicts[code] ?? []).some((act) => acts.has(act)));
    })
  );
}

/**
 * What must be true when everything has ended.
 * @param waiting whether a lane waits for a person: then what is wrong stays so until the person decides
 */
export function judgeEnd({ world, observer }: Simulation, lanes: readonly Lane[], waiting: boolean): void {
  const highest = lanes
    .map(({ version }) => version)
    .toSorted(compare)
    .at(-1);
  if (world.gitHub.latest() !== `v${highest}`) {
    const words = `in the end, Latest is ${world.gitHub.latest()}, not v${highest}`;
    observer.add("I4 Latest does not go back", words, waiting);
  }
  for (const words of observer.brokenNow()) {
    observer.add("I1 a public Release is whole", `in the end: ${words}`, waiting);
  }
  const drafts = world.gitHub.releases().filter(({ draft, body }) => draft && readOwner(body ?? "") !== undefined);
  if (drafts.length > 0) {
    observer.add("one draft for each run", `in the end, ${drafts.length} drafts are left`, waiting || world.listsLag);
  }
}
