import { explanationOf } from "../errors/catalogue.ts";
import { ReleaseError } from "../errors/release-error.ts";
import { settingsPage } from "../formats/package-page.ts";
import type { ObservedAccess, PackageAccess } from "../observe/published/package-access.ts";

const nothingHappened = "yes, nothing has happened: nothing was built, nothing was pushed";

/** What is known of the run. */
export interface PushRun {
  /** True in `pulumi preview`. */
  preview: boolean;
  /** `owner/name` of the GitHub repository that releases. */
  releasing: string;
  /** GitHub's address for people. */
  web: string;
}

/** What a person is told of the packages before anything is built. */
export interface PushVerdict {
  /** One line for each repository: there or new, visibility, link, whether it may be written. */
  lines: string[];
  warnings: string[];
}

/**
 * Refusals that speak of the run's token and not of the package. A pull request from a fork has such a token, and a release has another:
 * in a preview they say nothing of what `up` may do.
 */
const ofTheToken = /installation not allowed to|expected scopes|installation does not exist|fine-grained token/i;

/**
 * Judges what was observed: a repository that would refuse a push stops the run here, with every one of them in one error.
 * @throws ReleaseError DENIED or CREDENTIALS_MISSING
 */
export function judgePushAccess({ packages, publicRepository }: ObservedAccess, run: PushRun): PushVerdict {
  const refusing = packages.filter(
    ({ write }) => write.may === "not write" && !(run.preview && ofTheToken.test(write.words)),
  );
  if (refusing.length > 0) throw refusal(refusing, packages.length, run);
  const unknown = packages.filter(({ write, exists }) => write.may === "not be known" && exists !== false);
  if (unknown.length > 0 && !run.preview) throw noLogin(unknown);

  return {
    lines: packages.map((one) => `${one.repository}: ${told(one, run)}`),
    warnings: [
      ...packages.flatMap((one) => (one.write.may === "write" || one.exists === false ? [] : [cannotBeKnown(one)])),
      ...packages.flatMap((one) => leftToDo(one, publicRepository, run).map((what) => `${one.repository} ${what}`)),
    ],
  };
}

/**
 * Judges repositories that this login may not read. To a login that may not read, a registry does not say whether a version is there.
 * @returns in a preview, a warning for each
 * @throws ReleaseError in `up`: a version that is there would be overwritten
 */
export function judgeUnreadable(
  unreadable: readonly { repository: string; words: string }[],
  { preview }: Pick<PushRun, "preview">,
): string[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const each = unreadable.map(({ repository, words }) => `${repository}: ${words}`);
  if (preview) return each.map((one) => `What is in a repository cannot be seen with what this run has: ${one}`);
  throw new ReleaseError({
    ...explanationOf(`403 ${first.words}`),
    step: "looking what is there already",
    reason: each.join("\n"),
    rerun: nothingHappened,
  });
}

/**
 * What a person must do on the package's page, because GitHub has no API for it; none for another registry or where GitHub tells nothing.
 * @param publicRepository whether everybody sees the repository that releases
 */
export function leftToDo(
  { package: at, settings }: Pick<PackageAccess, "package" | "settings">,
  publicRepository: boolean | undefined,
  { releasing, web }: Pick<PushRun, "releasing" | "web">,
): string[] {
  if (at === undefined || settings === undefined) return [];
  const page = settingsPage(web, at.organization, at);
  const same = settings.linked?.toLowerCase() === releasing.toLowerCase();
  return [
    ...(publicRepository && settings.visibility !== "public"
      ? [
          `is ${settings.visibility}, and the repository is public: who reads the Release cannot pull it. ${page} → Danger Zone → Change visibility → Public`,
        ]
      : []),
    ...(same
      ? []
      : [
          `is linked to ${settings.linked ?? "no repository"}, not to ${releasing}. ${page} → Manage Actions access → Add repository → ${releasing}, role Write`,
        ]),
  ];
}

function told({ package: at, exists, settings, write }: PackageAccess, { releasing }: PushRun): string {
  if (exists === false)
    return at ? `a new package; its source label links it to ${releasing}` : "nothing was pushed there yet";
  const known = settings ? `${settings.visibility}, linked to ${settings.linked ?? "no repository"}, ` : "";
  return `${known}${write.may === "write" ? "takes a push" : "whether it takes a push cannot be known here"}`;
}

function cannotBeKnown({ repository, write }: PackageAccess): string {
  const why = write.may === "not be known" ? write.why : write.may === "not write" ? write.words : "";
  return `Whether ${repository} takes a push cannot be known with what this run has: ${why}.`;
}

function refusal(refusing: readonly PackageAccess[], all: number, { web }: PushRun): ReleaseError {
  const explained = refusing.map(({ repository, package: at, settings, write }) => {
    const words = write.may === "not write" ? write.words : "";
    const { code, meaning, fix } = explanationOf(`403 ${words}`);
    const page = at && settingsPage(web, at.organization, at);
    const known = settings ? ` (${settings.visibility}, linked to ${settings.linked ?? "no repository"})` : "";
    return {
      code,
      meaning,
      fix: page ? fix.replace(/For an organization: \S+/, page) : fix,
      reason: `${repository}: ${words}${known}`,
    };
  });
  const once = (texts: string[]): string => [...new Set(texts)].join("\n");
  return new ReleaseError({
    code: explained[0]?.code ?? "DENIED",
    step: `looking whether ${all === 1 ? "the repository takes" : `all ${all} repositories take`} a push`,
    reason: once(explained.map(({ reason }) => reason)),
    meaning: once(explained.map(({ meaning }) => meaning)),
    fix: once(explained.map(({ fix }) => fix)),
    rerun: nothingHappened,
  });
}

function noLogin(unknown: readonly PackageAccess[]): ReleaseError {
  return new ReleaseError({
    code: "CREDENTIALS_MISSING",
    step: "looking whether every repository takes a push",
    reason: unknown.map(cannotBeKnown).join("\n"),
    meaning: "A push would be refused after everything was built.",
    fix: "Log in first: `docker login REGISTRY`. In a workflow: docker/login-action with GITHUB_TOKEN.",
    rerun: nothingHappened,
  });
}
