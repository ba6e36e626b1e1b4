import { gitHubWeb } from "../clients/github/github.ts";
import { explained } from "../errors/explained.ts";
import { settingsPage } from "../formats/organization/package-page.ts";
import { observePackageSettings } from "../observe/published/packages/package-access.ts";
import type { AccessQuestion, ObservedSettings } from "../observe/published/packages/package-access.ts";
import { leftToDo } from "../plan/preflight/left-to-do.ts";

/**
 * What people have left to do on the pages of packages after a release: GitHub has no API for visibility and link, and a package that was
 * pushed for the first time has those that GitHub gave it. Looks only. What cannot be found out is said and is no error: everything is
 * public by now.
 * @returns a line for each thing; none where all is as it should be, or nothing was pushed to GitHub's registry
 */
export async function leftByHand(question: AccessQuestion): Promise<string[]> {
  try {
    return linesOf(await observePackageSettings(question), question.releasing);
  } catch (error) {
    const { step, reason } = explained(error, "looking at the packages").parts;
    return [`cannot be known, because ${step} failed: ${reason.replaceAll("\n", "; ")}`];
  }
}

function linesOf({ packages, publicRepository }: ObservedSettings, releasing: string): string[] {
  const web = gitHubWeb();
  return packages.flatMap((one) => {
    const { repository, package: at, settings } = one;
    if (at !== undefined && settings === undefined) {
      const page = settingsPage(web, at.organization, at);
      return [`look at the visibility and the link of ${repository}, which GitHub does not tell this token: ${page}`];
    }
    return leftToDo(one, publicRepository, { releasing, web }).map((what) => `${repository} ${what}`);
  });
}
