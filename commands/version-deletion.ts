import { deletePackageVersion } from "../clients/github/packages/package-versions.ts";
import type { PackageAddress } from "../clients/github/packages/package-versions.ts";
import { retried } from "../clients/retry.ts";
import { explaining } from "../errors/explained.ts";
import { ServerRefusal } from "../errors/server-refusal.ts";
import { observeVersion } from "../observe/published/packages/package-versions.ts";
import type { PackageVersion } from "../observe/published/packages/package-versions.ts";
import { short } from "../plan/retention/retention.ts";
import type { RetentionPlan, VersionVerdict } from "../plan/retention/retention.ts";
import { versionText } from "../plan/retention/retention-text.ts";

/** Milliseconds after which the whole package is looked at again: a run that has begun meanwhile may refer to what was to go. */
const freshFor = 60_000;

/** One package whose versions are deleted. */
export interface Deletion {
  at: PackageAddress;
  /** What was planned and shown. */
  plan: RetentionPlan;
  /**
   * Looks at the package and at what the Releases name again, and plans again.
   * @param held by digest: what stays now, and why
   */
  lookAgain: (held: ReadonlyMap<string, string>) => Promise<RetentionPlan>;
  /** Told each line of what is done. */
  say: (line: string) => void;
}

/**
 * Deletes what a plan says may go, one after another in its order, and nothing that was not shown. Directly before the first deletion all of
 * it is looked at again: it may have been a while since the plan was made. A group that hangs together is looked at before its first version is
 * deleted, and each version again directly before: a tag that came meanwhile saves it, and all that hangs on it. What GitHub keeps for
 * itself (400: the last version with a tag, or one that many have downloaded) stays.
 * @returns how many are deleted
 * @throws ReleaseError at the first refusal of another kind; what is deleted by then leaves nothing behind that refers to it
 */
export async function deleteVersions({ at, plan, lookAgain, say }: Deletion): Promise<number> {
  const held = new Map<string, string>();
  const deleted = new Set<number>();
  const shown = new Set(plan.goes.flat().map(({ version }) => version.id));
  for (;;) {
    const current = await lookAgain(held);
    // A list may still show for a moment what was deleted.
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
        held.set(verdict.version.digest, why);
        say(`stays    ${versionText(verdict)}: ${why}`);
      }
      if (saved.length > 0 || Date.now() > until) {
        break;
      }
    }
  }
}

/** A version that was to go and stays. */
interface Saved {
  verdict: VersionVerdict;
  why: string;
}

async function deleteGroup(
  at: PackageAddress,
  group: readonly VersionVerdict[],
  onDeleted: (verdict: VersionVerdict) => void,
): Promise<Saved[]> {
  const looks = await Promise.all(
    group.map(async (verdict) => ({ verdict, why: whySaved(verdict, await observeVersion(at, verdict.version.id)) })),
  );
  const saved = looks.flatMap(({ verdict, why }) => (why === undefined ? [] : [{ verdict, why }]));
  if (saved.length > 0) {
    return saved;
  }
  for (const verdict of group) {
    const why = await deletion(at, verdict);
    if (why !== undefined) {
      return [{ verdict, why }];
    }
    onDeleted(verdict);
  }
  return [];
}

/** @returns why it stays; undefined where it is deleted */
function deletion(at: PackageAddress, verdict: VersionVerdict): Promise<string | undefined> {
  const { id, digest } = verdict.version;
  return explaining(`deleting version ${id} (${short(digest)}) of the package ${at.owner}/${at.name}`, () =>
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
  return more.length > 0 ? `got the tag ${more.join(", ")} meanwhile` : undefined;
}
