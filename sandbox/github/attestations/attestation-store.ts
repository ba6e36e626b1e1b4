import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compress } from "snappyjs";
import { writeWhole } from "../../host/folder.ts";
import type { AttestedSubjects } from "./attestation-bundle.ts";
import type { Repository } from "../store/store.ts";

/** The stored data of an attestation, except its bundle. */
export interface AttestationRecord extends AttestedSubjects {
  id: number;
}

/** The attestations of one repository, on disk. */
export interface AttestationStore {
  /** Newest first. */
  all(): AttestationRecord[];
  add(record: AttestationRecord, bundle: unknown): Promise<void>;
  remove(record: AttestationRecord): Promise<void>;
  /** The file of its bundle: JSON, snappy-compressed. */
  bundleFile(record: AttestationRecord): string;
}

const opened = new WeakMap<Repository, Promise<AttestationStore>>();

/** Opens the store of a repository, next to its git repository. */
export function attestationsOf(repository: Repository): Promise<AttestationStore> {
  const found = opened.get(repository) ?? open(repository.git.directory.replace(/\.git$/, ".attestations"));
  opened.set(repository, found);
  return found;
}

async function open(folder: string): Promise<AttestationStore> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const records = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as AttestationRecord),
  );
  const bundleFile: AttestationStore["bundleFile"] = ({ id }) => join(folder, `${id}.json.sn`);
  return {
    bundleFile,
    all: () => records.toSorted((a, b) => b.id - a.id),
    async add(record, bundle) {
      await writeFile(bundleFile(record), compress(Buffer.from(JSON.stringify(bundle))));
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
