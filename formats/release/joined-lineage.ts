import type { AttestationLineage, LineageEntry } from "./attestation-lineage.ts";
import type { AttestationMap } from "./attestation-map.ts";

/** How many attestations of the chart's own digest a lineage names. */
const mostListed = 100;
/** How many characters of a server's words a lineage keeps. */
const mostWords = 300;

/** Ids that GitHub lists for a digest, undefined in the place of one that cannot be known; or its words of a refusal. */
export type ListedIds = readonly (string | undefined)[] | { unreadable: string };

/** What was read about a released chart. */
export interface LineageFacts extends Pick<AttestationLineage, "chart" | "version" | "tag" | "digest" | "revision"> {
  /** The merged pull request, with the map in its description; why it is not known; or undefined if there is none. */
  pullRequest:
    | (NonNullable<AttestationLineage["pullRequest"]> & { map: AttestationMap })
    | { unreadable: string }
    | undefined;
  /** By digest, for the chart's own and those in the map: what GitHub lists. */
  listed: Readonly<Record<string, ListedIds>>;
}

/** Joins what the pull request says with what GitHub lists. */
export function joinLineage({ pullRequest: found, listed, ...chart }: LineageFacts): AttestationLineage {
  const mapped = found !== undefined && "map" in found ? found.map.entries : [];
  const idsOf = (digest: string): readonly string[] => {
    const ids = listed[digest] ?? [];
    return "unreadable" in ids ? [] : ids.filter((id) => id !== undefined);
  };
  const claims = mapped.map((entry): LineageEntry => {
    // An entry without a digest can only be about the chart itself.
    const digest = entry.digest ?? (idsOf(chart.digest).includes(entry.id) ? chart.digest : undefined);
    const confirmed = digest !== undefined && idsOf(digest).includes(entry.id);
    return {
      name: entry.name,
      id: entry.id,
      ...(digest === undefined ? {} : { digest }),
      status: confirmed ? "confirmed" : "claimed",
    };
  });
  const others = [...new Set(idsOf(chart.digest))]
    .filter((id) => !claims.some((claim) => claim.id === id && claim.digest === chart.digest))
    .toSorted(byNumber);
  const own = others.slice(0, mostListed);
  return {
    chart: chart.chart,
    version: chart.version,
    tag: chart.tag,
    digest: chart.digest,
    revision: chart.revision,
    pullRequest:
      found === undefined || !("map" in found) ? null : { number: found.number, url: found.url, base: found.base },
    attestations: [...claims, ...own.map((id): LineageEntry => ({ id, digest: chart.digest, status: "confirmed" }))],
    leftOut: [
      ...describePullRequest(found, chart.revision),
      ...Object.entries(listed)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([digest, ids]) => describeList(digest, ids, digest === chart.digest)),
      ...(others.length > own.length
        ? [`${count(others.length - own.length)} beyond the first ${mostListed} that GitHub lists for ${chart.digest}`]
        : []),
    ],
  };
}

function describePullRequest(found: LineageFacts["pullRequest"], revision: string): string[] {
  if (found === undefined) {
    return [`no attestations of a pull request: none was merged as ${revision}`];
  }
  if (!("map" in found)) {
    return [`no attestations of a pull request: GitHub's list of them is not readable: ${shorten(found.unreadable)}`];
  }
  return found.map.problem === undefined
    ? []
    : [`no attestations of pull request ${found.number}: its description ${found.map.problem}`];
}

function describeList(digest: string, ids: ListedIds, isOwn: boolean): string[] {
  if ("unreadable" in ids) {
    return [`GitHub's attestations of ${digest} are not readable: ${shorten(ids.unreadable)}`];
  }
  if (!isOwn) {
    return [];
  }
  const unknown = ids.filter((id) => id === undefined).length;
  return [
    ...(ids.length === 0 ? [`GitHub lists no attestation for the chart's digest ${digest}`] : []),
    ...(unknown > 0 ? [`${count(unknown)} that GitHub lists for ${digest} without an id`] : []),
  ];
}

/** GitHub's ids are numbers. */
function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1);
}

function count(attestations: number): string {
  return attestations === 1 ? "one attestation" : `${attestations} attestations`;
}

function shorten(words: string): string {
  return words.length <= mostWords ? words : `${words.slice(0, mostWords)}…`;
}
