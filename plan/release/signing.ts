import { compare } from "semver";
import { shortIdentity, SigningPolicy } from "../../formats/signing/signing-policy.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import type { Signing } from "../../config/release/signing.ts";

/**
 * Who must have signed one version of a unit: of several earlier signers, the first whose last version is not below it; else the one that
 * signs now.
 * @param repository `owner/name` that releases: its runs sign, unless the configuration names another
 * @returns the identity as records and states hold it
 */
export function signingOf(signing: Signing, version: string, repository: string): SigningPolicy {
  if (signing === "off") {
    return signing;
  }
  const { earlier, ...now } = signing;
  const before = earlier
    .filter(({ until }) => compare(version, until) <= 0)
    .toSorted((one, other) => compare(one.until, other.until))[0];
  const { until: _, ...moved } = before ?? { until: undefined };
  return shortIdentity({ ...now, repository: now.repository ?? repository, ...moved });
}

/**
 * The policy that the record of a version says: a published version keeps the one that it was published with, as long as its record is signed
 * by the expected identity or says nothing else than the configuration. Left out keys of earlier formats say nothing.
 */
export function recordedPolicy(
  signing: SigningPolicy,
  published: { record: ReleaseRecord | undefined; signed: boolean } | undefined,
): SigningPolicy {
  const said = published?.record?.policy.signing;
  const recorded = said === undefined ? undefined : SigningPolicy.safeParse(said).data;
  if (signing === "off" || recorded === undefined || recorded === "off") {
    return signing;
  }
  const ours: Readonly<Record<string, unknown>> = signing;
  const agrees = Object.entries(recorded).every(([key, value]) => JSON.stringify(value) === JSON.stringify(ours[key]));
  return published?.signed || agrees ? recorded : signing;
}
