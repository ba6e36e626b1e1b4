import { loginOfToken } from "../api/token.ts";
import type { Token } from "../api/token.ts";
import { newVisibility } from "./package-access.ts";
import { activeVersions, packageNameOf } from "./package-record.ts";
import type { PackageRecord, PackageVersion } from "./package-record.ts";
import type { PackageStore } from "./package-store.ts";
import { sourceRepository } from "./source-label.ts";

/** A manifest that the registry accepted. */
export interface Push {
  /** The image's name, namespace included. */
  repository: string;
  /** Tag or digest it was put under. */
  reference: string;
  digest: string;
  manifest: Buffer;
  /** The token of the push. */
  token: Token;
  /** Fetches a blob of the same image's name. */
  blob(digest: string): Promise<Buffer | undefined>;
  /** A repository as its record spells it; undefined if there is none. */
  repositoryNamed(fullName: string): string | undefined;
}

/**
 * Records a push. The first one creates the package: linked to the repository that the source label names, else to that of a
 * GITHUB_TOKEN; later ones link nothing. GITHUB_TOKEN's repository becomes the package's admin, a label's gets write.
 */
export async function recordPush(store: PackageStore, push: Push): Promise<void> {
  const named = packageNameOf(push.repository);
  if (named === undefined) {
    return;
  }
  const { owner, name } = named;
  const isThere = (): PackageRecord | undefined => {
    const found = store.find(owner, name);
    return found?.deletedAt === null ? found : undefined;
  };
  const label = isThere() === undefined ? await sourceRepository(push.manifest, push.blob) : undefined;
  const known = isThere();
  const record = known ?? made(store, owner, name, push, label);
  note(record, push, () => store.nextId());
  await (known === undefined ? store.add(record) : store.save(record));
}

/** Records that the registry deleted a manifest (by digest), or no longer has a tag. */
export async function recordRemoval(store: PackageStore, repository: string, reference: string): Promise<void> {
  const { owner, name } = packageNameOf(repository) ?? { owner: "", name: "" };
  const record = store.find(owner, name);
  if (record !== undefined) {
    record.versions = record.versions.filter(({ digest }) => digest !== reference);
    for (const version of record.versions) {
      version.tags = version.tags.filter((tag) => tag !== reference);
    }
    await store.save(record);
  }
}

/** False for a tag or digest whose version, or whole package, was deleted through GitHub: the registry still has its bytes. */
export function isServed(record: PackageRecord | undefined, reference: string): boolean {
  if (record === undefined) {
    return true;
  }
  if (record.deletedAt !== null) {
    return false;
  }
  const has = ({ digest, tags }: Pick<PackageVersion, "digest" | "tags">): boolean =>
    digest === reference || tags.includes(reference);
  return activeVersions(record).some(has) || ![...record.versions, ...record.buried].some(has);
}

function made(
  store: PackageStore,
  owner: string,
  name: string,
  { token, repositoryNamed }: Push,
  label: string | undefined,
): PackageRecord {
  const now = instantNow();
  const actions: PackageRecord["actions"] = {};
  const same = label?.toLowerCase().startsWith(`${owner}/`.toLowerCase()) === true;
  const labelled = same ? repositoryNamed(label ?? "") : undefined;
  if (labelled !== undefined) {
    actions[labelled] = "write";
  }
  const runs = token.kind === "actions" ? (repositoryNamed(token.repository) ?? token.repository) : undefined;
  if (runs !== undefined) {
    actions[runs] = "admin";
  }
  const before = store.find(owner, name);
  return {
    id: store.nextId(),
    owner,
    name,
    visibility: newVisibility(token, store.owner(owner)),
    repository: labelled ?? runs ?? null,
    inherits: (labelled ?? runs) !== undefined,
    actions,
    people: token.kind === "actions" || token.kind === "app" ? {} : { [loginOfToken(token)]: "admin" },
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    versions: [],
    buried:
      before === undefined ? [] : [...before.versions, ...before.buried].map(({ digest, tags }) => ({ digest, tags })),
  };
}

/** Adds or updates the manifest's version; its tag leaves the version that had it before. */
function note(record: PackageRecord, { reference, digest }: Push, nextId: () => number): void {
  const now = instantNow();
  const tag = reference === digest ? undefined : reference;
  if (tag !== undefined) {
    for (const version of activeVersions(record)) {
      version.tags = version.tags.filter((other) => other !== tag);
    }
  }
  let version = activeVersions(record).find((one) => one.digest === digest);
  if (version === undefined) {
    version = { id: nextId(), digest, tags: [], createdAt: now, updatedAt: now, deletedAt: null, downloads: 0 };
    // A deleted version whose digest is pushed again is not restorable: its name was reused.
    record.versions = [...record.versions.filter((one) => one.digest !== digest), version];
  }
  version.tags.push(...(tag === undefined ? [] : [tag]));
  version.updatedAt = now;
  record.updatedAt = now;
}

/** Now, to the second, as GitHub writes it. */
export function instantNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
