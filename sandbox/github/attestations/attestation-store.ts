import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { compress } from "snappyjs";
import { writeWhole } from "../../host/folder.ts";
import type { AttestedSubjects } from "./attestation-bundle.ts";
import type { Repository } from "../store/store.ts";

/** The stored data of an attestation, except its bundle. */
export interface AttestationRecord extends AttestedSubjects {
  id: number;
}

/** The attestations of one repository. */
export interface AttestationStore {
  /** Newest first. */
  all(): AttestationRecord[];
  add(record: AttestationRecord, bundle: unknown): Promise<void>;
  remove(record: AttestationRecord): Promise<void>;
  /** Its bundle: JSON, snappy-compressed. */
  bundle(record: AttestationRecord): Readable;
}

const opened = new WeakMap<Repository, Promise<AttestationStore>>();

/** Opens the store of a repository: in files next to its git repository, or in memory if that is not on disk. */
export function attestationsOf(repository: Repository): Promise<AttestationStore> {
  const { directory } = repository;
  const found =
    opened.get(repository) ??
    (directory === undefined ? Promise.resolve(inMemory()) : open(directory.replace(/\.git$/, ".attestations")));
  opened.set(repository, found);
  return found;
}

function inMemory(): AttestationStore {
  const bundles = new Map<AttestationRecord, Buffer>();
  return {
    bundle: (record) => Readable.from([bundles.get(record) ?? Buffer.alloc(0)]),
    all: () => newestFirst([...bundles.keys()]),
    async add(record, bundle) {
      bundles.set(record, compressed(bundle));
    },
    async remove(record) {
      bundles.delete(record);
    },
  };
}

async function open(folder: string): Promise<AttestationStore> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const records = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as AttestationRecord),
  );
  const bundleFile = ({ id }: AttestationRecord): string => join(folder, `${id}.json.sn`);
  return {
    bundle: (record) => createReadStream(bundleFile(record)),
    all: () => newestFirst(records),
    async add(record, bundle) {
      await writeFile(bundleFile(record), compressed(bundle));
      await writeWhole(join(folder, `${record.id}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
      records.push(record);
    },
    async remove(record) {
      records.splice(records.indexOf(record), 1);
      await rm(join(folder, `${record.id}.json`), { force: true });
      await rm(bundleFile(record), { force: true });
    },
  };
}

function newestFirst(records: readonly AttestationRecord[]): AttestationRecord[] {
  return records.toSorted((a, b) => b.id - a.id);
}

function compressed(bundle: unknown): Buffer {
  return compress(Buffer.from(JSON.stringify(bundle)));
}
