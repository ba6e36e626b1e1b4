import { createHash } from "node:crypto";
import type { Role } from "../api/token.ts";
import { instantNow } from "./package-pushes.ts";
import { activeVersions, packageNameOf } from "./package-record.ts";
import type { OwnerRecord, PackageRecord, Visibility } from "./package-record.ts";
import type { PackageStore } from "./package-store.ts";

/** What a person changes on a package's settings page; GitHub has no API for any of it. Settings that are left out stay. */
export interface PackageSettings {
  /** A public package cannot become less visible again. */
  visibility?: Visibility;
  /** Linked repository; null removes the link, and the roles that people inherit by it. */
  repository?: string | null;
  /** "Inherit access from source repository". */
  inherits?: boolean;
  /** "Manage Actions access", whole: roles by `owner/name` of a repository. */
  actions?: Readonly<Record<string, Role>>;
  /** Roles of people by login, whole. */
  people?: Readonly<Record<string, Role>>;
  /** Downloads of each existing version. Not a setting: at GitHub, only time changes it. */
  downloads?: number;
}

/** A package that was never pushed; its versions have made-up digests, and the registry has none of them. */
export interface SeededPackage extends PackageSettings {
  /** `owner/name`; the name may contain slashes. */
  name: string;
  /** Tags of each version, oldest first. Default one version with the tag `1.0.0`. */
  versions?: readonly (readonly string[])[];
}

/** Changes to the package table by a test, or by a person in the browser. */
export interface PackageControl {
  /** A copy of the record of `owner/name`; undefined if nothing was pushed, or all was deleted. */
  find(fullName: string): PackageRecord | undefined;
  /** Changes a package's settings. @throws if there is no such package, or a public one would become private */
  set(fullName: string, settings: PackageSettings): Promise<void>;
  /** Creates packages without a push, all with one write to disk. One of the same name is replaced. */
  seed(seeds: readonly SeededPackage[]): Promise<void>;
  /**
   * Changes an owner's settings: whether it is a person or an organization, its "Package Creation" switches (those given),
   * and the visibility of new packages.
   */
  setOwner(
    owner: string,
    settings: Partial<Pick<OwnerRecord, "type" | "newPackages">> & { creation?: Partial<OwnerRecord["creation"]> },
  ): Promise<void>;
}

/** The control of a table. */
export function packageControl(store: PackageStore): PackageControl {
  const present = (fullName: string): PackageRecord | undefined => {
    const { owner, name } = named(fullName);
    const record = store.find(owner, name);
    return record?.deletedAt === null ? record : undefined;
  };
  return {
    find: (fullName) => structuredClone(present(fullName)),
    async set(fullName, settings) {
      const record = present(fullName);
      if (record === undefined) {
        throw new Error(`${fullName}: there is no such package`);
      }
      if (record.visibility === "public" && (settings.visibility ?? "public") !== "public") {
        throw new Error(`${fullName}: is public, and a public package cannot be made ${settings.visibility} again`);
      }
      apply(record, settings);
      await store.save(record);
    },
    async seed(seeds) {
      await store.add(...seeds.map((seed) => seeded(store, seed)));
    },
    async setOwner(owner, { creation, ...settings }) {
      const record = store.owner(owner);
      await store.saveOwner({ ...record, ...settings, creation: { ...record.creation, ...creation } });
    },
  };
}

function seeded(
  store: PackageStore,
  { name: fullName, versions = [["1.0.0"]], ...settings }: SeededPackage,
): PackageRecord {
  const { owner, name } = named(fullName);
  const now = instantNow();
  const id = store.nextId();
  const record: PackageRecord = {
    id,
    owner,
    name,
    visibility: "private",
    repository: null,
    inherits: false,
    actions: {},
    people: {},
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    versions: versions.map((tags, index) => ({
      id: store.nextId(),
      digest: `sha256:${createHash("sha256").update(`${id} ${index}`).digest("hex")}`,
      tags: [...tags],
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
      downloads: 0,
    })),
    buried: [],
  };
  apply(record, settings);
  return record;
}

function apply(record: PackageRecord, { downloads, actions, people, repository, ...rest }: PackageSettings): void {
  Object.assign(record, rest);
  if (repository !== undefined) {
    record.repository = repository;
    record.inherits = repository !== null && (rest.inherits ?? record.inherits);
  }
  record.actions = actions === undefined ? record.actions : { ...actions };
  record.people = people === undefined ? record.people : { ...people };
  for (const version of downloads === undefined ? [] : activeVersions(record)) {
    version.downloads = downloads ?? 0;
  }
}

function named(fullName: string): { owner: string; name: string } {
  const found = packageNameOf(fullName);
  if (found === undefined || found.name === "") {
    throw new Error(`${fullName}: is not of the form owner/name`);
  }
  return found;
}
