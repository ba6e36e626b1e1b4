import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../host/folder.ts";
import type { GitRepository } from "./git-repository.ts";
import { instant, openGitRepository } from "./git-repository.ts";

/** The stored data of a release's asset. Its bytes are in a separate file, named by its id. */
export interface AssetRecord {
  id: number;
  name: string;
  label: string;
  contentType: string;
  /** `starter`: the upload began and never ended; it has no bytes. */
  state: "uploaded" | "starter";
  size: number;
  /** `sha256:…`; null for a starter. */
  digest: string | null;
  downloads: number;
  uploader: string;
  createdAt: string;
  updatedAt: string;
}

/** The stored data of a release. */
export interface ReleaseRecord {
  id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  /** Commit date once published; time of creation before. */
  createdAt: string;
  updatedAt: string;
  publishedAt: string | null;
  author: string;
  /** Replaces the tag in a draft's addresses. */
  untagged: string;
  /** False once its maker said `make_latest: "false"`. */
  latestCandidate: boolean;
  /** True once it was published while releases of its repository were immutable. */
  immutable?: boolean;
  assets: AssetRecord[];
}

/** The stored data of a repository. */
export interface RepositoryRecord {
  id: number;
  owner: string;
  name: string;
  description: string | null;
  /** SPDX identifier. */
  licence: string | null;
  private: boolean;
  defaultBranch: string;
  /** The release explicitly chosen as latest; null: decided by date. */
  latest: number | null;
  createdAt: string;
}

/** One repository: its record, its git and its releases. */
export interface Repository {
  record: RepositoryRecord;
  git: GitRepository;
  /** Newest last. */
  releases: ReleaseRecord[];
  /** The file of an asset's bytes. */
  assetFile(id: number): string;
  saveRecord(): Promise<void>;
  saveRelease(release: ReleaseRecord): Promise<void>;
  /** Removes a release and its assets' bytes. */
  removeRelease(release: ReleaseRecord): Promise<void>;
  /** Runs one change after the other. */
  exclusively<T>(change: () => Promise<T>): Promise<T>;
}

/** Everything that the GitHub double stores, on disk; read once at the start. */
export interface Store {
  find(owner: string, name: string): Repository | undefined;
  /** All repositories, oldest first. */
  all(): Repository[];
  /** Finds or creates a repository; given fields are updated. */
  create(
    owner: string,
    name: string,
    fields: Partial<Pick<RepositoryRecord, "description" | "licence" | "private">>,
  ): Promise<Repository>;
  /** A number that was never used before, even over restarts. */
  nextId(): Promise<number>;
}

/** Opens the store at `folder` (absolute). */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const repositories = new Map<string, Repository>();
  const counterFile = join(folder, "next-id");
  let counter = Number(await readFile(counterFile, "utf8").catch(() => "1000"));
  let saving: Promise<void> = Promise.resolve();

  const load = async (record: RepositoryRecord): Promise<Repository> => {
    const base = join(folder, record.owner, record.name);
    const releaseFolder = `${base}.releases`;
    await mkdir(join(releaseFolder, "assets"), { recursive: true });
    const git = await openGitRepository(`${base}.git`, record.defaultBranch);
    const releases: ReleaseRecord[] = [];
    for (const file of await readdir(releaseFolder)) {
      if (/^\d+\.json$/.test(file)) {
        releases.push(JSON.parse(await readFile(join(releaseFolder, file), "utf8")) as ReleaseRecord);
      }
    }
    releases.sort((a, b) => a.id - b.id);
    let queue: Promise<unknown> = Promise.resolve();
    const repository: Repository = {
      record,
      git,
      releases,
      assetFile: (id) => join(releaseFolder, "assets", String(id)),
      saveRecord: () => writeWhole(`${base}.json`, `${JSON.stringify(record, undefined, 2)}\n`),
      saveRelease: (release) =>
        writeWhole(join(releaseFolder, `${release.id}.json`), `${JSON.stringify(release, undefined, 2)}\n`),
      async removeRelease(release) {
        releases.splice(releases.indexOf(release), 1);
        await rm(join(releaseFolder, `${release.id}.json`), { force: true });
        for (const asset of release.assets) {
          await rm(repository.assetFile(asset.id), { force: true });
        }
      },
      exclusively<T>(change: () => Promise<T>): Promise<T> {
        const result = queue.then(change);
        queue = result.catch(() => undefined);
        return result;
      },
    };
    repositories.set(key(record.owner, record.name), repository);
    return repository;
  };

  for (const owner of await readdir(folder, { withFileTypes: true })) {
    if (!owner.isDirectory()) {
      continue;
    }
    for (const file of await readdir(join(folder, owner.name))) {
      if (file.endsWith(".json")) {
        await load(JSON.parse(await readFile(join(folder, owner.name, file), "utf8")) as RepositoryRecord);
      }
    }
  }

  const nextId: Store["nextId"] = async () => {
    const id = ++counter;
    saving = saving.then(() => writeWhole(counterFile, String(counter)));
    await saving;
    return id;
  };

  let creating: Promise<unknown> = Promise.resolve();
  return {
    find: (owner, name) => repositories.get(key(owner, name)),
    all: () => [...repositories.values()].sort((a, b) => a.record.id - b.record.id),
    create(owner, name, fields) {
      const made = creating.then(async () => {
        const known = repositories.get(key(owner, name));
        const repository = known ?? (await load(await freshRecord(owner, name, nextId)));
        Object.assign(repository.record, fields);
        await repository.saveRecord();
        return repository;
      });
      creating = made.catch(() => undefined);
      return made;
    },
    nextId,
  };
}

async function freshRecord(owner: string, name: string, nextId: () => Promise<number>): Promise<RepositoryRecord> {
  return {
    id: await nextId(),
    owner,
    name,
    description: null,
    licence: null,
    private: false,
    defaultBranch: "main",
    latest: null,
    createdAt: instant(Date.now() / 1000),
  };
}

function key(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

/** Whether the bytes of an asset exist. */
export function hasBytes(repository: Repository, asset: AssetRecord): boolean {
  return asset.state === "uploaded" && existsSync(repository.assetFile(asset.id));
}
