import { gitHubWeb } from "../clients/github/github.ts";
import { explainError } from "../errors/explain-error.ts";
import { settingsPage } from "../formats/organization/package-page.ts";
import { observePackageSettings } from "../observe/published/packages/package-access.ts";
import type { AccessQuestion, ObservedSettings } from "../observe/published/packages/package-access.ts";
import { leftToDo } from "../plan/preflight/left-to-do.ts";

/**
 * Finds out what people still have to do on the pages of packages after a release: GitHub has no API for a package's visibility and link, and
 * chooses both when a package is pushed for the first time. Writes nothing. If something cannot be found out, a line says so; that is not
 * an error, because everything is public by now.
 * @returns a line for each thing to do; none if all is well, or if nothing was pushed to GitHub's registry
 */
export async function findManualWork(question: AccessQuestion): Promise<string[]> {
  try {
    return linesOf(await observePackageSettings(question), question.releasing);
  } catch (error) {
    const { step, reason } = explainError(error, "checking the packages").parts;
    return [`cannot be known, because ${step} failed: ${reason.replaceAll("\n", "; ")}`];
  }
}

function linesOf({ packages, publicRepository }: ObservedSettings, releasing: string): string[] {
  const web = gitHubWeb();
  return packages.flatMap((one) => {
    const { repository, package: at, settings } = one;
    if (at !== undefined && settings === undefined) {
      const page = settingsPage(web, at.organization, at);
      return [`check the visibility and the link of ${repository}, which GitHub does not show to this token: ${page}`];
    }
    return leftToDo(one, publicRepository, { releasing, web }).map((what) => `${repository} ${what}`);
  });
}
