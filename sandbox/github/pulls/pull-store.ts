import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../host/folder.ts";
import { instant } from "../store/git-repository.ts";
import type { Repository } from "../store/store.ts";

/** What a pull request is made from. */
export interface PullFields {
  title: string;
  /** Its description, Markdown; null for none. Default null. */
  body?: string | null;
  /** The branch that it is from, and its last commit. */
  head: { ref: string; sha: string };
  /** The branch that it is for, and the commit that this was at. */
  base: { ref: string; sha: string };
  /** The commit on the base branch that it was merged as. Default: it is open. */
  mergedAs?: string;
  /** Login of its author. Default `ada`. */
  author?: string;
}

/** The stored data of a pull request. */
export interface PullRecord extends Required<Omit<PullFields, "mergedAs">> {
  id: number;
  number: number;
  /** Null while it is open. */
  mergedAs: string | null;
  createdAt: string;
}

/** The pull requests of one repository. */
export interface PullStore {
  /** Oldest first. */
  all(): PullRecord[];
  /** Opens one, or records one that is merged. */
  add(id: number, fields: PullFields): Promise<PullRecord>;
  /** Writes another description, as its author may at any time. */
  describe(number: number, body: string | null): Promise<void>;
}

const opened = new WeakMap<Repository, Promise<PullStore>>();

/** Opens the store of a repository: in files next to its git repository, or in memory if that is not on disk. */
export function pullsOf(repository: Repository): Promise<PullStore> {
  const { directory } = repository;
  const found =
    opened.get(repository) ??
    (directory === undefined
      ? Promise.resolve(makeStore([], async () => undefined))
      : open(directory.replace(/\.git$/, ".pulls")));
  opened.set(repository, found);
  return found;
}

async function open(folder: string): Promise<PullStore> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const records = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as PullRecord),
  );
  return makeStore(
    records.toSorted((a, b) => a.number - b.number),
    (record) => writeWhole(join(folder, `${record.number}.json`), `${JSON.stringify(record, undefined, 2)}\n`),
  );
}

function makeStore(records: PullRecord[], save: (record: PullRecord) => Promise<void>): PullStore {
  return {
    all: () => [...records],
    async add(id, { body = null, author = "ada", mergedAs, ...fields }) {
      const createdAt = instant(Date.now() / 1000);
      const record = { ...fields, id, number: records.length + 1, body, author, mergedAs: mergedAs ?? null, createdAt };
      records.push(record);
      await save(record);
      return record;
    },
    async describe(number, body) {
      const record = records.find((one) => one.number === number);
      if (record === undefined) {
        throw new Error(`there is no pull request ${number}`);
      }
      record.body = body;
      await save(record);
    },
  };
}
