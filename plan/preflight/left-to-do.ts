import { linkSwitch, packagePage, settingsPage } from "../../formats/organization/package-page.ts";
import type { PackageAccess } from "../../observe/published/packages/package-access.ts";

/** Who releases, and where people find its pages. */
export interface ReleasingRepository {
  /** `owner/name` of the GitHub repository that releases. */
  releasing: string;
  /** GitHub's address for people. */
  web: string;
}

/**
 * What people must do on a package's pages, because GitHub has no API for it.
 * @param publicRepository whether the repository that releases is public; undefined: not known
 * @returns without the package's name, "is private, …"; empty for another registry, or if GitHub does not show the package's settings
 */
export function leftToDo(
  { package: at, settings }: Pick<PackageAccess, "package" | "settings">,
  publicRepository: boolean | undefined,
  { releasing, web }: ReleasingRepository,
): string[] {
  if (at === undefined || settings === undefined) {
    return [];
  }
  const page = settingsPage(web, at.organization, at);
  const { linked } = settings;
  const same = linked?.toLowerCase() === releasing.toLowerCase();
  const staying = linked
    ? `. To keep it with ${linked}: ${page} → Manage Actions access → Add repository → ${releasing}, role Write`
    : "";
  return [
    ...(publicRepository && settings.visibility !== "public"
      ? [
          `is ${settings.visibility}, and the repository is public: readers of the Release cannot pull it. ${page} → Danger Zone → Change visibility → Public`,
        ]
      : []),
    ...(same
      ? []
      : [
          `is linked to ${linked ?? "no repository"}, not to ${releasing}. ${packagePage(web, at.organization, at)} → ${linkSwitch(releasing, linked)}${staying}`,
        ]),
  ];
}
