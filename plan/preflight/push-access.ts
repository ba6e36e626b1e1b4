import { explanationOf } from "../../errors/catalogue.ts";
import type { Explanation } from "../../errors/explanation.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { linkSwitch, packagePage, settingsPage } from "../../formats/organization/package-page.ts";
import type { ObservedAccess, PackageAccess } from "../../observe/published/packages/package-access.ts";
import type { UnreadableRepository } from "../../observe/published/unit.ts";

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
const ofTheToken =
  /^401 |installation not allowed to|expected scopes|installation does not exist|fine-grained token|token endpoint/i;

/** A push without a login. No registry was asked, so no words of one stand in the catalogue. */
const withoutLogin: Explanation = {
  code: "CREDENTIALS_MISSING",
  meaning: "A push would be refused after everything was built.",
  fix: "Log in first: `docker login REGISTRY`. In a workflow: docker/login-action with GITHUB_TOKEN.",
};

/**
 * Judges what was observed: a repository that would refuse a push stops the run here, with every one of them in one error.
 * @throws ReleaseError DENIED or CREDENTIALS_MISSING
 */
export function judgePushAccess({ packages, publicRepository }: ObservedAccess, run: PushRun): PushVerdict {
  const refusing = packages.filter(
    ({ write }) => write.may === "not write" && !(run.preview && ofTheToken.test(looked(write))),
  );
  if (refusing.length > 0) {
    throw refusal(refusing, packages.length, run);
  }
  const unknown = packages.filter(({ write }) => write.may === "not be known");
  if (unknown.length > 0 && !run.preview) {
    throw noLogin(unknown);
  }

  return {
    lines: packages.map((one) => `${one.repository}: ${told(one, run)}`),
    warnings: [
      ...cannotBeKnown(packages, run),
      ...packages.flatMap((one) => leftToDo(one, publicRepository, run).map((what) => `${one.repository} ${what}`)),
    ],
  };
}

/**
 * Judges repositories that this login may not read. To a login that may not read, a registry does not say whether a version is there.
 * @returns in a preview, a warning for each of the registry's answers
 * @throws ReleaseError in `up`: a version that is there would be overwritten
 */
export function judgeUnreadable(
  unreadable: readonly UnreadableRepository[],
  { preview }: Pick<PushRun, "preview">,
): string[] {
  const [first] = unreadable;
  if (first === undefined) {
    return [];
  }
  if (preview) {
    return grouped(unreadable, looked).map((these) => {
      const what = `What is in ${names(these)} cannot be seen with what this run has`;
      const [one] = these;
      return wouldBeRefused(what, one.words, explanationOf(looked(one), one.request));
    });
  }
  throw new ReleaseError({
    ...explanationOf(looked(first), first.request),
    step: "looking what is there already",
    reason: unreadable.map(({ repository, words }) => `${repository}: ${words}`).join("\n"),
    rerun: nothingHappened,
  });
}

/**
 * What a person must do on the package's pages, because GitHub has no API for it; none for another registry or where GitHub tells nothing.
 * @param publicRepository whether everybody sees the repository that releases
 */
export function leftToDo(
  { package: at, settings }: Pick<PackageAccess, "package" | "settings">,
  publicRepository: boolean | undefined,
  { releasing, web }: Pick<PushRun, "releasing" | "web">,
): string[] {
  if (at === undefined || settings === undefined) {
    return [];
  }
  const page = settingsPage(web, at.organization, at);
  const { linked } = settings;
  const same = linked?.toLowerCase() === releasing.toLowerCase();
  const staying = linked
    ? `. Where it is to stay with ${linked}: ${page} → Manage Actions access → Add repository → ${releasing}, role Write`
    : "";
  return [
    ...(publicRepository && settings.visibility !== "public"
      ? [
          `is ${settings.visibility}, and the repository is public: who reads the Release cannot pull it. ${page} → Danger Zone → Change visibility → Public`,
        ]
      : []),
    ...(same
      ? []
      : [
          `is linked to ${linked ?? "no repository"}, not to ${releasing}. ${packagePage(web, at.organization, at)} → ${linkSwitch(releasing, linked)}${staying}`,
        ]),
  ];
}

function told({ package: at, exists, settings, write }: PackageAccess, { releasing }: PushRun): string {
  const takes = write.may === "write" ? "takes a push" : "whether it takes a push cannot be known here";
  if (exists === false) {
    const empty = at ? `a new package; its source label links it to ${releasing}` : "nothing was pushed there yet";
    return write.may === "write" || write.may === "not asked" ? empty : `${empty}; ${takes}`;
  }
  const known = settings ? `${settings.visibility}, linked to ${settings.linked ?? "no repository"}, ` : "";
  return `${known}${takes}`;
}

/** What this run's token says nothing of. What refuses one of its packages mostly refuses all, so a reason is told once. */
function cannotBeKnown(packages: readonly PackageAccess[], run: PushRun): string[] {
  const unknown = packages.filter(({ write }) => write.may === "not be known" || write.may === "not write");
  return grouped(unknown, (one) => `${wordsOf(one)} ${explained(one, run).fix}`).map((these) => {
    const [first] = these;
    const what = `Whether ${names(these)} ${these.length === 1 ? "takes" : "take"} a push cannot be known with what this run has`;
    return first.write.may === "not be known"
      ? `${what}: ${wordsOf(first)}. \`up\` without a login would be refused. ${withoutLogin.fix}`
      : wouldBeRefused(what, wordsOf(first), explained(first, run));
  });
}

/** A warning of a preview: `up` may run with another login, so it says what happens with this one. */
function wouldBeRefused(what: string, words: string, { meaning, fix }: Explanation): string {
  const meant = `${meaning} ${fix.replaceAll("\n", " ")}`;
  return `${what}: ${words.replace(/\.$/, "")}. \`up\` with this login would be refused: ${meant}`;
}

function grouped<T>(all: readonly T[], by: (one: T) => string): [T, ...T[]][] {
  return [...Map.groupBy(all, by).values()] as [T, ...T[]][];
}

function names(packages: readonly { repository: string }[]): string {
  return packages.map(({ repository }) => repository).join(", ");
}

/** A refusal as the catalogue looks it up. */
function looked({ status, words }: { status?: number; words: string }): string {
  return status === undefined ? words : `${status} ${words}`;
}

/** Why a push is refused, or why nobody knows; for one that is taken: nothing. */
function wordsOf({ write }: PackageAccess): string {
  return write.may === "not be known" ? write.why : write.may === "not write" ? write.words : "";
}

/** What the refusal of a push means, with the page of this very package where its fix is on one. */
function explained({ package: at, write }: PackageAccess, { web }: Pick<PushRun, "web">): Explanation {
  if (write.may !== "not write") {
    return withoutLogin;
  }
  const explanation = explanationOf(looked(write), write.request);
  if (at === undefined) {
    return explanation;
  }
  const page = settingsPage(web, at.organization, at);
  return { ...explanation, fix: explanation.fix.replace(/For an organization: \S+/, page) };
}

function refusal(refusing: readonly PackageAccess[], all: number, run: PushRun): ReleaseError {
  const explanations = refusing.map((one) => explained(one, run));
  const reasons = refusing.map((one) => {
    const { repository, settings } = one;
    const known = settings ? ` (${settings.visibility}, linked to ${settings.linked ?? "no repository"})` : "";
    return `${repository}: ${wordsOf(one)}${known}`;
  });
  const once = (texts: string[]): string => [...new Set(texts)].join("\n");
  return new ReleaseError({
    code: explanations[0]?.code ?? "DENIED",
    step: `looking whether ${all === 1 ? "the repository takes" : `all ${all} repositories take`} a push`,
    reason: once(reasons),
    meaning: once(explanations.map(({ meaning }) => meaning)),
    fix: once(explanations.map(({ fix }) => fix)),
    rerun: nothingHappened,
  });
}

function noLogin(unknown: readonly PackageAccess[]): ReleaseError {
  return new ReleaseError({
    ...withoutLogin,
    step: "looking whether every repository takes a push",
    reason: unknown.map((one) => `${one.repository}: ${wordsOf(one)}`).join("\n"),
    rerun: nothingHappened,
  });
}
