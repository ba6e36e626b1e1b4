import { readDockerCredentials } from "../../../clients/registry/docker-credentials.ts";
import { readContainerPackage } from "../../../clients/github/packages/packages.ts";
import { splitRepository } from "../../../clients/registry/access.ts";
import { openUploadSession } from "../../../clients/registry/repository.ts";
import { listSomeTags } from "../../../clients/registry/tag-list.ts";
import { runStep } from "../../../errors/explain-error.ts";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { packageName } from "../../../formats/organization/package-page.ts";
import type { PackageName } from "../../../formats/organization/package-page.ts";
import { findHeldKinds } from "./held-kinds.ts";
import type { HeldKind } from "./held-kinds.ts";
import { observeOwners } from "./package-owner.ts";

/** What GitHub reports about a package. */
export interface PackageSettings {
  /** `public`, `private` or `internal`. */
  visibility: string;
  /** `owner/name` of the linked repository; undefined: not linked. */
  linked: string | undefined;
}

/** Whether a push would be accepted. */
export type WriteAccess =
  | { may: "write" }
  /** Status, words and request of the registry's refusal; only our own words if no registry had to be asked. */
  | { may: "not write"; status?: number; words: string; request?: string }
  /** Why it is unknown before the push: there is no login. */
  | { may: "not be known"; why: string }
  /** A new name at GitHub's registry, with a login. */
  | { may: "not asked"; why: string };

/** One repository of a registry that a run will push to. */
export interface PackageAccess {
  /** With its registry. */
  repository: string;
  /** Its place at GitHub; undefined for another registry. */
  package: (PackageName & { organization: boolean }) | undefined;
  /** False if nothing was ever pushed; undefined if this login may not know. */
  exists: boolean | undefined;
  /** What some of its tags name; empty if that was not to be read, or may not be read. */
  holds: readonly HeldKind[];
  /** Undefined if GitHub does not report them, or there is no package yet. */
  settings: PackageSettings | undefined;
  write: WriteAccess;
}

/** What to check. */
export interface AccessQuestion {
  /** Repositories that a run will push to, with their registry. */
  repositories: readonly string[];
  /** Those of them whose content is looked at. Default: none. */
  open?: readonly string[];
  /** Host of the registry whose packages GitHub's API knows: `ghcr.io`. */
  registry: string;
  /** `owner/name` of the GitHub repository that releases. */
  releasing: string;
}

/** The result of the check. */
export interface ObservedAccess {
  packages: PackageAccess[];
  /** Whether the releasing repository is public; undefined if nothing is pushed to GitHub's registry. */
  publicRepository: boolean | undefined;
}

/**
 * Checks whether each repository would accept a push, before anything is built. Writes nothing that anyone can read: an upload session is
 * opened if the package exists, and left alone.
 * @throws ReleaseError if a service does not answer or limits the rate: that says nothing about permissions
 */
export async function observePackageAccess(question: AccessQuestion): Promise<ObservedAccess> {
  const { places, publicRepository } = await findPlaces(question);
  const packages = await Promise.all(
    question.repositories.map((repository, at) =>
      readAccess(repository, places[at], question.open?.includes(repository) ?? false),
    ),
  );
  return { packages, publicRepository };
}

/** What GitHub reports about packages, without write access. */
export interface ObservedSettings extends Pick<ObservedAccess, "publicRepository"> {
  packages: Pick<PackageAccess, "repository" | "package" | "settings">[];
}

/**
 * Reads visibility and linked repository of each package, without asking the registry.
 * @throws ReleaseError if GitHub does not answer or limits the rate
 */
export async function observePackageSettings(question: AccessQuestion): Promise<ObservedSettings> {
  const { places, publicRepository } = await findPlaces(question);
  const packages = await Promise.all(
    question.repositories.map(async (repository, index) => {
      const at = places[index];
      return { repository, package: at, settings: at && (await readSettings(at)) };
    }),
  );
  return { packages, publicRepository };
}

/** Finds each repository's place at GitHub, in their order. */
async function findPlaces({ repositories, registry, releasing }: AccessQuestion): Promise<{
  places: PackageAccess["package"][];
  publicRepository: boolean | undefined;
}> {
  const names = repositories.map((repository) => packageName(repository, registry));
  if (names.every((name) => name === undefined)) {
    return { places: [], publicRepository: undefined };
  }
  const { kinds, publicRepository } = await observeOwners(
    releasing,
    names.flatMap((name) => name?.owner ?? []),
  );
  const places = names.map((name) => name && { ...name, organization: kinds.get(name.owner) !== "User" });
  return { places, publicRepository };
}

async function readAccess(repository: string, at: PackageAccess["package"], isOpen: boolean): Promise<PackageAccess> {
  const [settings, login, tags] = await Promise.all([
    at && readSettings(at),
    readDockerCredentials(splitRepository(repository).registry),
    readTags(repository),
  ]);
  const exists = settings !== undefined || tags.pushed;
  const [holds, write] = await Promise.all([
    isOpen ? readKinds(repository, tags.some) : [],
    checkWriteAccess(repository, at, login?.password, exists),
  ]);
  return { repository, package: at, exists: settings ? true : exists, holds, settings, write };
}

/** 403: the token may not ask, which says nothing about the package. */
async function readSettings({
  owner,
  name,
  organization,
}: PackageName & { organization: boolean }): Promise<PackageSettings | undefined> {
  const found = await runStep(`reading the package ${owner}/${name}`, () =>
    readContainerPackage(organization ? "Organization" : "User", owner, name).catch(ignoreDenial),
  );
  return found && { visibility: found.visibility, linked: found.repository?.full_name };
}

/** Whether anything was ever pushed, and some of its tags. */
async function readTags(repository: string): Promise<{ pushed: boolean | undefined; some: readonly string[] }> {
  const found = await readContent(repository, async () => {
    const tags = await listSomeTags(repository);
    return { pushed: tags !== undefined, some: tags ?? [] };
  });
  return found ?? { pushed: undefined, some: [] };
}

/** Of which kinds the content is. */
async function readKinds(repository: string, tags: readonly string[]): Promise<HeldKind[]> {
  return (await readContent(repository, () => findHeldKinds(repository, tags))) ?? [];
}

/** @returns undefined if this login may not read it */
function readContent<T>(repository: string, read: () => Promise<T>): Promise<T | undefined> {
  return runStep(`checking whether ${repository} has any content`, () => read().catch(ignoreDenial));
}

async function checkWriteAccess(
  repository: string,
  at: PackageAccess["package"],
  secret: string | undefined,
  exists: boolean | undefined,
): Promise<WriteAccess> {
  const none = { may: "not be known" as const, why: `Docker has no login for ${splitRepository(repository).registry}` };
  if (at !== undefined) {
    if (secret === undefined) {
      return none;
    }
    if (secret.startsWith("github_pat_")) {
      return { may: "not write", words: "the login is a fine-grained token, and GitHub's registry accepts none" };
    }
    // It is not documented whether a session under a new name leaves an empty package behind.
    if (exists === false) {
      return { may: "not asked", why: "nothing was ever pushed there" };
    }
  }
  return runStep(`checking write access to ${repository}`, async () => {
    try {
      await openUploadSession(repository);
      return { may: "write" };
    } catch (error) {
      if (!(error instanceof ServerRefusal && error.denied)) {
        throw error;
      }
      const { status, words, request } = error;
      return secret === undefined ? none : { may: "not write", status, words, request };
    }
  });
}

function ignoreDenial(error: unknown): undefined {
  if (!(error instanceof ServerRefusal && error.denied)) {
    throw error;
  }
  return undefined;
}
