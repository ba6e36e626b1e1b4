import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../host/folder.ts";
import { openAssetFiles } from "./asset-files.ts";
import { openGitRepository } from "./bare-git-repository.ts";
import { makeChangeQueue } from "./change-queue.ts";
import { newRecord, repositoryKey } from "./store.ts";
import type { ReleaseRecord, Repository, RepositoryRecord, Store } from "./store.ts";

/** A repository on disk. */
export interface StoredRepository extends Repository {
  /** Absolute folder of its bare git repository: push to that path. */
  directory: string;
}

/** A store on disk, read once at the start. Its numbers are new even over restarts. */
export type DiskStore = Store<StoredRepository>;

/** Opens the store at `folder` (absolute). */
export async function openStore(folder: string): Promise<DiskStore> {
  await mkdir(folder, { recursive: true });
  const repositories = new Map<string, StoredRepository>();
  const counterFile = join(folder, "next-id");
  let counter = Number(await readFile(counterFile, "utf8").catch(() => "1000"));
  let saving: Promise<void> = Promise.resolve();

  const load = async (record: RepositoryRecord): Promise<StoredRepository> => {
    const repository = await openRepository(join(folder, record.owner, record.name), record);
    repositories.set(repositoryKey(record.owner, record.name), repository);
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

  const nextId: DiskStore["nextId"] = async () => {
    const id = ++counter;
    saving = saving.then(() => writeWhole(counterFile, String(counter)));
    await saving;
    return id;
  };

  const oneAfterTheOther = makeChangeQueue();
  return {
    find: (owner, name) => repositories.get(repositoryKey(owner, name)),
    all: () => [...repositories.values()].sort((a, b) => a.record.id - b.record.id),
    create: (owner, name, fields) =>
      oneAfterTheOther(async () => {
        const known = repositories.get(repositoryKey(owner, name));
        const repository = known ?? (await load(newRecord(await nextId(), owner, name)));
        Object.assign(repository.record, fields);
        await repository.saveRecord();
        return repository;
      }),
    nextId,
  };
}

/** Opens what is in the files that begin with `base`: `.json`, `.git`, `.releases`. */
async function openRepository(base: string, record: RepositoryRecord): Promise<StoredRepository> {
  const directory = `${base}.git`;
  const releaseFolder = `${base}.releases`;
  const releaseFile = ({ id }: ReleaseRecord): string => join(releaseFolder, `${id}.json`);
  const assetBytes = await openAssetFiles(join(releaseFolder, "assets"));
  const git = await openGitRepository(directory, record.defaultBranch);
  const releases: ReleaseRecord[] = [];
  for (const file of await readdir(releaseFolder)) {
    if (/^\d+\.json$/.test(file)) {
      releases.push(JSON.parse(await readFile(join(releaseFolder, file), "utf8")) as ReleaseRecord);
    }
  }
  releases.sort((a, b) => a.id - b.id);
  return {
    record,
    git,
    releases,
    assetBytes,
    directory,
    saveRecord: () => writeWhole(`${base}.json`, `${JSON.stringify(record, undefined, 2)}\n`),
    saveRelease: (release) => writeWhole(releaseFile(release), `${JSON.stringify(release, undefined, 2)}\n`),
    async removeRelease(release) {
      releases.splice(releases.indexOf(release), 1);
      await rm(releaseFile(release), { force: true });
      for (const asset of release.assets) {
        await assetBytes.remove(asset.id);
      }
    },
    exclusively: makeChangeQueue(),
  };
}
