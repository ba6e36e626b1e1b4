import type { AssetBytes } from "./asset-bytes.ts";
import type { ChangeQueue } from "./change-queue.ts";
import type { GitRepository } from "./git-repository.ts";
import { instant } from "./git-repository.ts";

/** The stored data of a release's asset. Its bytes are stored apart from it, under its id. */
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

/** The fields of a repository that its creation may set or change. */
export type RepositoryFields = Partial<Pick<RepositoryRecord, "description" | "licence" | "private">>;

/** One repository: its record, its git and its releases. */
export interface Repository {
  record: RepositoryRecord;
  git: GitRepository;
  /** Newest last. */
  releases: ReleaseRecord[];
  assetBytes: AssetBytes;
  /** Absolute folder of its bare git repository; undefined if it is not on disk. */
  directory?: string;
  saveRecord(): Promise<void>;
  saveRelease(release: ReleaseRecord): Promise<void>;
  /** Removes a release and its assets' bytes. */
  removeRelease(release: ReleaseRecord): Promise<void>;
  /** Runs one change after the other. */
  exclusively: ChangeQueue;
}

/** The repositories of the GitHub double, with everything that is in them. */
export interface Store<R extends Repository = Repository> {
  find(owner: string, name: string): R | undefined;
  /** All repositories, oldest first. */
  all(): R[];
  /** Finds or creates a repository; given fields are updated. */
  create(owner: string, name: string, fields: RepositoryFields): Promise<R>;
  /** A number that this store never gave before. */
  nextId(): Promise<number>;
}

/** The record of a repository that is made now, with nothing in it. */
export function newRecord(id: number, owner: string, name: string): RepositoryRecord {
  return {
    id,
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

/** A repository's key in a table: the case of its name does not matter. */
export function repositoryKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

/** Whether the bytes of an asset exist. */
export function hasBytes({ assetBytes }: Repository, { state, id }: AssetRecord): boolean {
  return state === "uploaded" && assetBytes.has(id);
}
