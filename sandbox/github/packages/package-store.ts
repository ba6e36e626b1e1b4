import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../host/folder.ts";
import type { OwnerRecord, PackageRecord } from "./package-record.ts";

/** The package table that both doors share: GitHub's registry fills it, its REST API reads it. On disk, read once at the start. */
export interface PackageStore {
  /** The package of that name, deleted or not. The owner's case does not matter, the name's does. */
  find(owner: string, name: string): PackageRecord | undefined;
  /** All packages of an owner, including deleted ones, oldest first. */
  of(owner: string): PackageRecord[];
  /** Adds packages to the table, replacing any of the same name, and saves them with one write. */
  add(...records: readonly PackageRecord[]): Promise<void>;
  /** Saves packages that were changed. */
  save(...records: readonly PackageRecord[]): Promise<void>;
  /** An owner's settings; defaults if none were made. */
  owner(name: string): OwnerRecord;
  /** True when settings were made for the owner or it has packages. */
  hasOwner(name: string): boolean;
  saveOwner(record: OwnerRecord): Promise<void>;
  /** A number that no package and no version has, even over restarts. */
  nextId(): number;
  /** Resolves when everything is on disk. */
  flush(): Promise<void>;
}

/** Numbers of packages and versions begin here, so that they differ from those of repositories and releases. */
const firstId = 5_000_000;

/**
 * Opens the table in `folder` (absolute). Packages are in a JSON Lines file, and a package's last line counts. Thousands
 * are saved with one write, and a push appends one line. The file is rewritten at each start; a torn last line is skipped.
 */
export async function openPackageStore(folder: string): Promise<PackageStore> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "packages.jsonl");
  const ownersFile = join(folder, "owners.json");
  const owners = new Map<string, OwnerRecord>();
  for (const record of JSON.parse(await textOf(ownersFile, "[]")) as OwnerRecord[]) {
    owners.set(record.name.toLowerCase(), record);
  }
  const byOwner = new Map<string, Map<string, PackageRecord>>();
  const put = (record: PackageRecord): void => {
    const key = record.owner.toLowerCase();
    const packages = byOwner.get(key) ?? new Map<string, PackageRecord>();
    packages.set(record.name, record);
    byOwner.set(key, packages);
  };
  let lastId = firstId;
  for (const line of (await textOf(file, "")).split("\n")) {
    const record = parsed(line);
    if (record !== undefined) {
      put(record);
      lastId = Math.max(lastId, record.id, ...record.versions.map(({ id }) => id));
    }
  }
  const everything = [...byOwner.values()].flatMap((packages) => [...packages.values()]);
  await writeWhole(file, linesOf(everything));

  let saving: Promise<void> = Promise.resolve();
  const save = (...records: readonly PackageRecord[]): Promise<void> => {
    const lines = linesOf(records);
    saving = saving.then(() => appendFile(file, lines));
    return saving;
  };
  return {
    find: (owner, name) => byOwner.get(owner.toLowerCase())?.get(name),
    of: (owner) => [...(byOwner.get(owner.toLowerCase())?.values() ?? [])].sort((a, b) => a.id - b.id),
    add(...records) {
      records.forEach(put);
      return save(...records);
    },
    save,
    owner(name) {
      const made = owners.get(name.toLowerCase());
      return structuredClone(made ?? { name, creation: { public: true, internal: true, private: true } });
    },
    hasOwner: (name) => owners.has(name.toLowerCase()) || byOwner.has(name.toLowerCase()),
    async saveOwner(record) {
      owners.set(record.name.toLowerCase(), record);
      await writeWhole(ownersFile, `${JSON.stringify([...owners.values()], undefined, 2)}\n`);
    },
    nextId: () => ++lastId,
    flush: () => saving,
  };
}

function linesOf(records: readonly PackageRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function parsed(line: string): PackageRecord | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as PackageRecord);
  } catch {
    return undefined;
  }
}

async function textOf(file: string, missing: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return missing;
    }
    throw error;
  }
}
