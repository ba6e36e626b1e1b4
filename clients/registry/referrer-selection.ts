import { z } from "zod";
import { describeFirstMistake } from "../../formats/checked-json.ts";
import { Digest } from "../../formats/artifact/manifest.ts";
import { bundleMediaType } from "../sigstore/signing.ts";

/** The part of a list's entry that is read. Its type only decides the order, so any type is accepted. */
const Entry = z.object({ digest: Digest, artifactType: z.string().optional().catch(undefined) });

/** Type of the config that a manifest without a config has. Source: OCI image-spec 1.1, "Guidance for an Empty Descriptor". */
const emptyType = "application/vnd.oci.empty.v1+json";

/** The listed attachments of a digest. */
export interface ListedReferrers {
  /** Those to check, in this order. */
  digests: Digest[];
  /** Those that are not checked, and why, one line each: entries that cannot be read, and those beyond the limit. */
  unread: string[];
}

/**
 * Chooses which listed entries to check; lists may arrive in any number of pieces. Entries that call themselves bundles come first, then
 * those without a type: GHCR shows the config's type instead of the bundle's. Only possible choices are kept, however long the lists are.
 * @param most entries to choose
 */
export function selectReferrers(most: number): {
  /** Adds raw entries of a list. */
  add(entries: readonly unknown[]): void;
  /** Notes that a list, or a part of one, could not be read. */
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
        const rank = ranks[chooseRank(data.artifactType)];
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
          ...(left === 0 ? [] : [`${left} more entries of the list were not checked: the limit is ${most}`]),
        ],
      };
    },
  };
}

function chooseRank(type: string | undefined): 0 | 1 | 2 {
  if (type === bundleMediaType) {
    return 0;
  }
  return type === undefined || type === emptyType ? 1 : 2;
}
