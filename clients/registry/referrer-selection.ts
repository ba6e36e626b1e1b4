import { z } from "zod";
import { describeFirstMistake } from "../../formats/checked-json.ts";
import { Digest } from "../../formats/artifact/manifest.ts";
import { bundleMediaType } from "../sigstore/signing.ts";

/** What is read of a list's entry; its type decides only when it is looked at, so any will do. */
const Entry = z.object({ digest: Digest, artifactType: z.string().optional().catch(undefined) });

/** Type of the config that a manifest without a config has. Source: OCI image-spec 1.1, "Guidance for an Empty Descriptor". */
const emptyType = "application/vnd.oci.empty.v1+json";

/** What is attached to a digest, as far as it is listed. */
export interface ListedReferrers {
  /** What is to be looked at, in this order. */
  digests: Digest[];
  /** What is not, and why, one line each: entries that cannot be read, and those that are too many. */
  unread: string[];
}

/**
 * Chooses what is looked at of what is listed, in any number of pieces. What calls itself a bundle comes first, and then what says nothing:
 * GHCR shows the config's type instead of the bundle's. Only what may be chosen is kept, however long the lists are.
 * @param most entries that are chosen
 */
export function selectReferrers(most: number): {
  /** Takes entries of a list as they stand there. */
  add(entries: readonly unknown[]): void;
  /** Says that a list, or a part of one, could not be read. */
  skip(words: string): void;
  chosen(): ListedReferrers;
} {
  const ranks = [new Set<Digest>(), new Set<Digest>(), new Set<Digest>()] as const;
  const unread: string[] = [];
  const malformed: string[] = [];
  let beyond = 0;
  let wrong = 0;
  return {
    add(entries) {
      for (const entry of entries) {
        const { data, error } = Entry.safeParse(entry);
        if (data === undefined) {
          wrong += 1;
          malformed[0] ??= describeFirstMistake(error);
          continue;
        }
        const rank = ranks[rankOf(data.artifactType)];
        if (rank.has(data.digest)) {
          continue;
        }
        if (rank.size < most) {
          rank.add(data.digest);
        } else {
          beyond += 1;
        }
      }
    },
    skip(words) {
      unread.push(words);
    },
    chosen() {
      const all = [...new Set(ranks.flatMap((rank) => [...rank]))];
      const left = beyond + Math.max(0, all.length - most);
      return {
        digests: all.slice(0, most),
        unread: [
          ...unread,
          ...(wrong === 0
            ? []
            : [`${wrong} entries of the list cannot be read, the first of them because ${malformed[0]}`]),
          ...(left === 0 ? [] : [`${left} more entries of the list were not looked at: no more than ${most} are`]),
        ],
      };
    },
  };
}

function rankOf(type: string | undefined): 0 | 1 | 2 {
  if (type === bundleMediaType) {
    return 0;
  }
  return type === undefined || type === emptyType ? 1 : 2;
}
