import { deletePackageVersion } from "../clients/github/packages/package-versions.ts";
import type { PackageAddress } from "../clients/github/packages/package-versions.ts";
import { retried } from "../clients/retry.ts";
import { runStep } from "../errors/explain-error.ts";
import { ServerRefusal } from "../errors/server-refusal.ts";
import { observeVersion } from "../observe/published/packages/package-versions.ts";
import type { PackageVersion } from "../observe/published/packages/package-versions.ts";
import { short } from "../plan/retention/retention.ts";
import type { RetentionPlan, VersionVerdict } from "../plan/retention/retention.ts";
import { versionText } from "../plan/retention/retention-text.ts";

/** Milliseconds after which the whole package is checked again: a run that has begun in the meantime may refer to what was to be deleted. */
const freshFor = 60_000;

/** One package whose versions are deleted. */
export interface Deletion {
  at: PackageAddress;
  /** What was planned and shown. */
  plan: RetentionPlan;
  /**
   * Reads the package and the digests that Releases name once more, and plans anew.
   * @param kept by digest: why a version stays now
   */
  planAgain: (kept: ReadonlyMap<string, string>) => Promise<RetentionPlan>;
  /** Prints a line about each deletion. */
  say: (line: string) => void;
}

/**
 * Deletes the versions of a plan one after another, in its order, and none that was not shown. The plan may be old by now, so everything is
 * checked again directly before the first deletion. Versions that refer to each other are checked before the first of them is deleted, and each
 * version again directly before its deletion: a tag that it got in the meantime saves it, and the others with it. A version that GitHub
 * refuses to delete (400: the last version with a tag, or one that many have downloaded) stays.
 * @returns how many versions were deleted
 * @throws ReleaseError at the first refusal of another kind; nothing that is left refers to a version that was deleted
 */
export async function deleteVersions({ at, plan, planAgain, say }: Deletion): Promise<number> {
  const kept = new Map<string, string>();
  const deleted = new Set<number>();
  const shown = new Set(plan.goes.flat().map(({ version }) => version.id));
  for (;;) {
    const current = await planAgain(kept);
    // For a moment, a list may still show a version that was deleted.
    const groups = current.goes.map((group) =>
      group.filter(({ version }) => shown.has(version.id) && !deleted.has(version.id)),
    );
    const left = groups.filter((group) => group.length > 0);
    if (left.length === 0) {
      if (current.blocked !== undefined) {
        say(`stopped: ${current.blocked}`);
      }
      return deleted.size;
    }
    const until = Date.now() + freshFor;
    for (const group of left) {
      const saved = await deleteGroup(at, group, (verdict) => {
        deleted.add(verdict.version.id);
        say(`deleted  ${versionText(verdict)}`);
      });
      for (const { verdict, why } of saved) {
        kept.set(verdict.version.digest, why);
        say(`stays    ${versionText(verdict)}: ${why}`);
      }
      if (saved.length > 0 || Date.now() > until) {
        break;
      }
    }
  }
}

/** A version that was to be deleted and stays. */
interface Saved {
  verdict: VersionVerdict;
  why: string;
}

async function deleteGroup(
  at: PackageAddress,
  group: readonly VersionVerdict[],
  onDeleted: (verdict: VersionVerdict) => void,
): Promise<Saved[]> {
  const checked = await Promise.all(
    group.map(async (verdict) => ({ verdict, why: whySaved(verdict, await observeVersion(at, verdict.version.id)) })),
  );
  const saved = checked.flatMap(({ verdict, why }) => (why === undefined ? [] : [{ verdict, why }]));
  if (saved.length > 0) {
    return saved;
  }
  for (const verdict of group) {
    const why = await deleteVersion(at, verdict);
    if (why !== undefined) {
      return [{ verdict, why }];
    }
    onDeleted(verdict);
  }
  return [];
}

/** @returns why it stays; undefined if it was deleted */
function deleteVersion(at: PackageAddress, verdict: VersionVerdict): Promise<string | undefined> {
  const { id, digest } = verdict.version;
  return runStep(`deleting version ${id} (${short(digest)}) of the package ${at.owner}/${at.name}`, () =>
    retried(async () => {
      const now = await observeVersion(at, id);
      const why = whySaved(verdict, now);
      if (now === undefined || why !== undefined) {
        return why;
      }
      try {
        await deletePackageVersion(at, id);
      } catch (error) {
        if (!(error instanceof ServerRefusal && error.status === 400)) {
          throw error;
        }
        return `GitHub says: ${error.words}`;
      }
      return undefined;
    }),
  );
}

function whySaved({ version }: VersionVerdict, now: PackageVersion | undefined): string | undefined {
  const more = (now?.tags ?? []).filter((tag) => !version.tags.includes(tag));
  return more.length > 0 ? `got the tag ${more.join(", ")} in the meantime` : undefined;
}
