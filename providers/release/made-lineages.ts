import { repositoryOf } from "../../clients/github/git-refs.ts";
import { gitHubWeb } from "../../clients/github/github.ts";
import { findMergedPullRequests } from "../../clients/github/pull-requests.ts";
import type { MergedPullRequest } from "../../clients/github/pull-requests.ts";
import { listAttestationIds } from "../../clients/github/release/attestations.ts";
import { returnRefusal } from "../../clients/lasting-refusal.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { shownText } from "../../errors/shown-text.ts";
import { chartIn, lineageName, writeLineage } from "../../formats/release/attestation-lineage.ts";
import { readAttestationMap } from "../../formats/release/attestation-map.ts";
import { joinLineage } from "../../formats/release/joined-lineage.ts";
import type { LineageFacts, ListedIds } from "../../formats/release/joined-lineage.ts";
import { shortened } from "../../formats/shortened.ts";
import { matchesRef } from "../../formats/signing/ref-pattern.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { makeGeneratedAsset } from "./release-content.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import type { Lineages } from "./release-work.ts";

/**
 * Makes the lineage of each chart that gets one from what GitHub says now. What GitHub refuses to show is said in the lineage.
 * @throws ServerRefusal for a fault that may be temporary, and for a token that GitHub does not know
 */
export async function makeLineages(inputs: ReleaseInputs): Promise<Lineages> {
  const { lineages: names = [], artifacts } = inputs;
  if (names.length === 0) {
    return { assets: [], leftOut: [] };
  }
  const pullRequest = await findPullRequest(inputs);
  const made = await Promise.all(
    names.map(async (name) => {
      const { repository = "", digest = "" } = artifacts[name] ?? {};
      const chart = chartIn(repository);
      const { version, tag, revision } = inputs;
      const listed = await listIds(inputs, digest, pullRequest);
      const lineage = joinLineage({ chart, version, tag, digest, revision, pullRequest, listed });
      const file = lineageName(chart);
      return {
        asset: makeGeneratedAsset(file, writeLineage(lineage), inputs.signing !== "off"),
        leftOut: describeLeftOut(file, lineage.leftOut),
      };
    }),
  );
  return { assets: made.map(({ asset }) => asset), leftOut: made.flatMap(({ leftOut }) => leftOut) };
}

/** The lines of a lineage as the summary has them. */
export function describeLeftOut(file: string, lines: readonly string[]): string[] {
  return shortened(lines).map((line) => `${file}: ${shownText(line)}`);
}

async function findPullRequest({ repository, revision, signing }: ReleaseInputs): Promise<LineageFacts["pullRequest"]> {
  const found = await returnRefusal(() => findMergedPullRequests(repositoryOf(repository), revision));
  if (found instanceof ServerRefusal) {
    return { unreadable: describeRefusal(found) };
  }
  const pull = choosePullRequest(found, signing);
  return (
    pull && {
      number: pull.number,
      url: `${gitHubWeb()}/${repository}/pull/${pull.number}`,
      base: pull.base,
      map: readAttestationMap(pull.description),
    }
  );
}

/**
 * Chooses the pull request that brought the release about: into a branch at which the unit's workflow may sign, else into the default branch; of
 * several the oldest. Any other branch may be anyone's.
 */
function choosePullRequest(found: readonly MergedPullRequest[], signing: SigningPolicy): MergedPullRequest | undefined {
  const maySign = ({ base }: MergedPullRequest): boolean =>
    signing !== "off" && matchesRef(signing.refs, `refs/heads/${base}`);
  return found.find(maySign) ?? found.find(({ isDefault }) => isDefault);
}

async function listIds(
  { repository }: ReleaseInputs,
  own: string,
  pullRequest: LineageFacts["pullRequest"],
): Promise<Record<string, ListedIds>> {
  const mapped = pullRequest !== undefined && "map" in pullRequest ? pullRequest.map.entries : [];
  const digests = new Set([own, ...mapped.flatMap(({ digest }) => digest ?? [])]);
  const listed = [...digests].map(async (digest) => {
    const ids = await returnRefusal(() => listAttestationIds(repositoryOf(repository), digest));
    return [digest, ids instanceof ServerRefusal ? { unreadable: describeRefusal(ids) } : ids] as const;
  });
  return Object.fromEntries(await Promise.all(listed));
}

function describeRefusal({ words, status }: ServerRefusal): string {
  return `${words} (${status})`;
}
