import { makeChangeQueue } from "./change-queue.ts";
import { makeMemoryAssetBytes } from "./memory-asset-bytes.ts";
import { makeMemoryGitRepository } from "./memory-git-repository.ts";
import type { MemoryGitRepository } from "./memory-git-repository.ts";
import { newRecord, repositoryKey } from "./store.ts";
import type { ReleaseRecord, Repository, Store } from "./store.ts";

/** A repository in memory. */
export interface MemoryRepository extends Repository {
  /** Its owner adds the commits. */
  git: MemoryGitRepository;
}

/** A store in memory: each begins empty, and its numbers begin again. */
export type MemoryStore = Store<MemoryRepository>;

/** Makes an empty store. It has no files, processes or timers, and every method settles within microtasks. Its numbers begin at 1001. */
export function makeMemoryStore(): MemoryStore {
  const repositories = new Map<string, MemoryRepository>();
  let counter = 1000;
  return {
    find: (owner, name) => repositories.get(repositoryKey(owner, name)),
    all: () => [...repositories.values()],
    async create(owner, name, fields) {
      const key = repositoryKey(owner, name);
      const repository = repositories.get(key) ?? makeRepository(++counter, owner, name);
      Object.assign(repository.record, fields);
      repositories.set(key, repository);
      return repository;
    },
    nextId: async () => ++counter,
  };
}

function makeRepository(id: number, owner: string, name: string): MemoryRepository {
  const record = newRecord(id, owner, name);
  const releases: ReleaseRecord[] = [];
  const assetBytes = makeMemoryAssetBytes();
  return {
    record,
    git: makeMemoryGitRepository(record.defaultBranch),
    releases,
    assetBytes,
    saveRecord: async () => undefined,
    saveRelease: async () => undefined,
    async removeRelease(release) {
      releases.splice(releases.indexOf(release), 1);
      for (const asset of release.assets) {
        await assetBytes.remove(asset.id);
      }
    },
    exclusively: makeChangeQueue(),
  };
}
