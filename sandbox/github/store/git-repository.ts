/** A git reference as `git for-each-ref` prints it. */
export interface GitReference {
  /** `refs/tags/v1.0.0` */
  name: string;
  sha: string;
  type: string;
}

/** Name, address and instant (ISO 8601 in UTC, whole seconds) of an author, committer or tagger. */
export interface Signature {
  name: string;
  email: string;
  date: string;
}

/** A commit, read from git. */
export interface GitCommit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

/** An annotated tag, read from git. */
export interface GitTag {
  sha: string;
  tag: string;
  object: { sha: string; type: string };
  tagger: Signature;
  message: string;
}

/** A git repository as the routes use it. Objects are named by their full ids. */
export interface GitRepository {
  /** References whose names begin with `prefix`, sorted by name. */
  references(prefix: string): Promise<GitReference[]>;
  reference(name: string): Promise<GitReference | undefined>;
  /** Creates a reference only if it does not exist; false if it does. Safe with simultaneous writers. */
  createReference(name: string, sha: string): Promise<boolean>;
  /** Moves a reference only if it is still at `from`; false otherwise. */
  moveReference(name: string, sha: string, from: string): Promise<boolean>;
  deleteReference(name: string): Promise<void>;
  /** Type of an object, `undefined` if there is none. */
  typeOf(sha: string): Promise<string | undefined>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The commit that a branch, tag, reference or SHA names. */
  resolveCommit(revision: string): Promise<string | undefined>;
  /** Undefined if the object is not a commit. */
  commit(sha: string): Promise<GitCommit | undefined>;
  /** Commits from `from` back, newest first; with `path` only those that changed it. */
  log(from: string, options: { path?: string; skip: number; count: number }): Promise<GitCommit[]>;
  /**
   * Writes a tag object and returns its id; a reference to it is made separately.
   * @throws if the object that it names is missing or of another type
   */
  writeTag(tag: Omit<GitTag, "sha">): Promise<string>;
  /** Undefined if the object is not a tag. */
  tag(sha: string): Promise<GitTag | undefined>;
  /** Whether git accepts this as a reference's name. */
  isValidName(name: string): Promise<boolean>;
  /** True before the first push. */
  isEmpty(): Promise<boolean>;
}

/** ISO 8601 in UTC without fractions, as GitHub writes it. */
export function instant(seconds: number | string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}
