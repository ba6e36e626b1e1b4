import { explanationOf, findRefusal } from "../../errors/catalogue.ts";
import { logInFirst } from "../../errors/catalogue/registry.ts";
import type { Explanation } from "../../errors/explanation.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { settingsPage } from "../../formats/organization/package-page.ts";
import type { ObservedAccess, PackageAccess } from "../../observe/published/packages/package-access.ts";
import type { UnreadableRepository } from "../../observe/published/unit.ts";
import { leftToDo } from "./left-to-do.ts";
import type { ReleasingRepository } from "./left-to-do.ts";

const nothingHappened = "yes, nothing has happened: nothing was built, nothing was pushed";

/** What is known about the run. */
export interface PushRun extends ReleasingRepository {
  /** True in `pulumi preview`. */
  preview: boolean;
}

/** What people read about the packages before anything is built. */
export interface PushVerdict {
  /** One line for each repository: there or new, visibility, link, whether it accepts a push. */
  lines: string[];
  warnings: string[];
}

/** A push without a login. No registry was asked, so the catalogue has no words of one. */
const withoutLogin: Explanation = {
  code: "CREDENTIALS_MISSING",
  meaning: "A push would be refused after everything was built.",
  fix: logInFirst,
};

/**
 * Judges what was observed: repositories that would refuse a push stop the run here, all in one error.
 * @throws ReleaseError DENIED or CREDENTIALS_MISSING
 */
export function judgePushAccess({ packages, publicRepository }: ObservedAccess, run: PushRun): PushVerdict {
  const refusing = packages.filter(({ write }) => write.may === "not write" && !(run.preview && isAboutToken(write)));
  if (refusing.length > 0) {
    throw refusal(refusing, packages.length, run);
  }
  const unknown = packages.filter(({ write }) => write.may === "not be known");
  if (unknown.length > 0 && !run.preview) {
    throw noLogin(unknown);
  }

  return {
    lines: packages.map((one) => `${one.repository}: ${described(one, run)}`),
    warnings: [
      ...warnings(packages, run),
      ...packages.flatMap((one) => leftToDo(one, publicRepository, run).map((what) => `${one.repository} ${what}`)),
    ],
  };
}

/**
 * Judges repositories that this login may not read: the registry does not say whether a version is there.
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
    step: "checking what is published already",
    reason: unreadable.map(({ repository, words }) => `${repository}: ${words}`).join("\n"),
    rerun: nothingHappened,
  });
}

function described({ package: at, exists, settings, write }: PackageAccess, { releasing }: PushRun): string {
  const verdict = write.may === "write" ? "accepts a push" : "whether it accepts a push cannot be known here";
  if (exists === false) {
    const empty = at ? `a new package; its source label links it to ${releasing}` : "nothing was pushed there yet";
    return write.may === "write" || write.may === "not asked" ? empty : `${empty}; ${verdict}`;
  }
  const known = settings ? `${settings.visibility}, linked to ${settings.linked ?? "no repository"}, ` : "";
  return `${known}${verdict}`;
}

/** What cannot be known with this run's token. A token that one package refuses is mostly refused by all, so each reason is given once. */
function warnings(packages: readonly PackageAccess[], run: PushRun): string[] {
  const unknown = packages.filter(({ write }) => write.may === "not be known" || write.may === "not write");
  return grouped(unknown, (one) => `${wordsOf(one)} ${explainPush(one, run).fix}`).map((these) => {
    const [first] = these;
    const what = `Whether ${names(these)} ${these.length === 1 ? "accepts" : "accept"} a push cannot be known with what this run has`;
    return first.write.may === "not be known"
      ? `${what}: ${wordsOf(first)}. \`up\` without a login would be refused. ${withoutLogin.fix}`
      : wouldBeRefused(what, wordsOf(first), explainPush(first, run));
  });
}

/** A warning in a preview: `up` may run with another login, so it says what happens with this one. */
function wouldBeRefused(what: string, words: string, { meaning, fix }: Explanation): string {
  const meant = `${meaning} ${fix.replaceAll("\n", " ")}`;
  return `${what}: ${words.replace(/\.$/, "")}. \`up\` with this login would be refused: ${meant}`;
}

/** Whether another run, with another login, may be allowed to push: a pull request from a fork has less than a release. */
function isAboutToken(write: { status?: number; words: string; request?: string }): boolean {
  return findRefusal(looked(write), write.request)?.about === "token";
}

function grouped<T>(all: readonly T[], by: (one: T) => string): [T, ...T[]][] {
  return [...Map.groupBy(all, by).values()] as [T, ...T[]][];
}

function names(packages: readonly { repository: string }[]): string {
  return packages.map(({ repository }) => repository).join(", ");
}

/** A refusal as the catalogue recognizes it. */
function looked({ status, words }: { status?: number; words: string }): string {
  return status === undefined ? words : `${status} ${words}`;
}

/** Why a push is refused, or why that cannot be known; empty if it is accepted. */
function wordsOf({ write }: PackageAccess): string {
  return write.may === "not be known" ? write.why : write.may === "not write" ? write.words : "";
}

/** What the refusal of a push means, with the page of this very package if its fix is on one. */
function explainPush({ package: at, write }: PackageAccess, { web }: Pick<PushRun, "web">): Explanation {
  if (write.may !== "not write") {
    return withoutLogin;
  }
  const page = at && settingsPage(web, at.organization, at);
  return explanationOf(looked(write), write.request, page);
}

function refusal(refusing: readonly PackageAccess[], all: number, run: PushRun): ReleaseError {
  const explanations = refusing.map((one) => explainPush(one, run));
  const reasons = refusing.map((one) => {
    const { repository, settings } = one;
    const known = settings ? ` (${settings.visibility}, linked to ${settings.linked ?? "no repository"})` : "";
    return `${repository}: ${wordsOf(one)}${known}`;
  });
  const once = (texts: string[]): string => [...new Set(texts)].join("\n");
  return new ReleaseError({
    code: explanations[0]?.code ?? "DENIED",
    step: `checking write access to ${all === 1 ? "the repository" : `all ${all} repositories`}`,
    reason: once(reasons),
    meaning: once(explanations.map(({ meaning }) => meaning)),
    fix: once(explanations.map(({ fix }) => fix)),
    rerun: nothingHappened,
  });
}

function noLogin(unknown: readonly PackageAccess[]): ReleaseError {
  return new ReleaseError({
    ...withoutLogin,
    step: "checking write access to every repository",
    reason: unknown.map((one) => `${one.repository}: ${wordsOf(one)}`).join("\n"),
    rerun: nothingHappened,
  });
}
