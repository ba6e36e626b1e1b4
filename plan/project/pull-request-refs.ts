import { mayMatchPullRequest } from "../../formats/signing/ref-pattern.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";

/**
 * Warns of units whose signatures could come from the run of a pull request: its author chooses what that run builds and signs.
 * @param units in the order of the configuration
 * @param pathOf a place in the configuration as the user wrote it
 * @returns one line for each such unit
 */
export function warnOfPullRequests(
  units: readonly { signing: SigningPolicy }[],
  pathOf: (path: readonly PropertyKey[]) => string,
): string[] {
  return units.flatMap(({ signing }, index) => {
    if (signing === "off" || !mayMatchPullRequest(signing.refs)) {
      return [];
    }
    const place = pathOf(["units", index, "signing", "refs"]);
    return [
      `${place} = \`${signing.refs}\` accepts runs of pull requests, whose authors choose what they sign: name the refs that release, for example \`refs/tags/*\`.`,
    ];
  });
}
