import { compare } from "semver";
import type { Signer } from "../../formats/signing/signer.ts";
import type { Finding } from "../../observe/published/inspection/finding.ts";

/** What was found of one version. */
export interface InspectedRelease {
  version: string;
  findings: readonly Finding[];
}

/**
 * Warns if GitHub's number of the repository or of its owner is another one in a later record: then the same name means another repository, or
 * another account.
 * @param releases of one unit, in any order
 * @returns a line for each change
 */
export function signerChanges(unit: string, releases: readonly InspectedRelease[]): string[] {
  const signed = releases
    .flatMap(({ version, findings }) => {
      const signer = findings.find((one) => one.signer !== undefined)?.signer;
      return signer === undefined ? [] : [{ version, signer }];
    })
    .toSorted((one, other) => compare(one.version, other.version));
  return signed.slice(1).flatMap(({ version, signer }, at) => {
    const before = signed[at];
    if (before === undefined) {
      return [];
    }
    return changesBetween(before.signer, signer).map(
      (what) => `${unit}: ${what} from ${before.version} to ${version}: the name may have been taken over`,
    );
  });
}

function changesBetween(before: Signer, after: Signer): string[] {
  const changes: [what: string, one: string, other: string][] = [
    [`the number of the repository that signs changes`, before.repositoryId, after.repositoryId],
    [`the number of the owner that signs changes`, before.ownerId, after.ownerId],
  ];
  return changes.flatMap(([what, one, other]) => (one === other ? [] : [`${what} (${one} → ${other})`]));
}
