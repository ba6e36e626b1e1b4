import { commitId, emptyTree, objectId, tagContent } from "./git-object.ts";
import type { GitCommit, GitRepository, GitTag } from "./git-repository.ts";
import { isReferenceName } from "./reference-name.ts";

/** A commit to add. */
export interface AddedCommit {
  /** Without a line break at its end. */
  message: string;
  /** ISO 8601 in UTC, whole seconds: of author and committer. */
  date: string;
  /** Ids of commits that are there. Default none. */
  parents?: readonly string[];
  /** Default Ada, ada@example.com. */
  by?: { name: string; email: string };
  /** Id of its tree. Default: the empty tree. */
  tree?: string;
  /** Paths that it changes; `log` finds it by these and by the folders that they are in. Default none. */
  paths?: readonly string[];
}

/** A git repository in memory. It has the commits that its owner adds, and no files. */
export interface MemoryGitRepository extends GitRepository {
  /**
   * Adds a commit and returns its id, the same as git's. No reference names it yet.
   * @throws if a parent is missing
   */
  addCommit(commit: AddedCommit): string;
  /**
   * Sets a reference, wherever it was, as a push with force does.
   * @throws if git refuses the name or the object
   */
  push(name: string, sha: string): void;
}

/**
 * Makes an empty repository in memory whose HEAD is `defaultBranch`. It has no files, processes or timers, and every method settles
 * within microtasks. Names of commits are understood except for operators like `~1`, and `log` does not simplify merges.
 */
export function makeMemoryGitRepository(defaultBranch: string): MemoryGitRepository {
  const commits = new Map<string, GitCommit>();
  const changed = new Map<string, readonly string[]>();
  const tags = new Map<string, GitTag>();
  const stored = new Map<string, string>();
  let pushedTo = false;

  const typeOf = (sha: string): string | undefined => {
    if (commits.has(sha)) {
      return "commit";
    }
    const isTree = sha === emptyTree || [...commits.values()].some(({ tree }) => tree === sha);
    return tags.has(sha) ? "tag" : isTree ? "tree" : undefined;
  };
  /** The commit that an object is or, through tags, names. */
  const peeled = (sha: string): string | undefined => {
    const tag = tags.get(sha);
    return tag === undefined ? (commits.has(sha) ? sha : undefined) : peeled(tag.object.sha);
  };
  /** False if git would refuse to write the reference. */
  const write = (name: string, sha: string): boolean => {
    const type = typeOf(sha);
    const others = [...stored.keys()];
    const clashes = others.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
    const fits = type === "commit" || (type !== undefined && !name.startsWith("refs/heads/"));
    if (!isReferenceName(name) || !fits || clashes) {
      return false;
    }
    stored.set(name, sha);
    pushedTo = true;
    return true;
  };
  const references = (prefix: string) =>
    [...stored]
      .filter(([name]) => name.startsWith(prefix))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, sha]) => ({ name, sha, type: typeOf(sha) ?? "" }));
  /** A commit and all before it, newest first; of equal dates, the one that was reached first. */
  const history = (from: string): GitCommit[] => {
    const waiting = [commits.get(from)].filter((commit) => commit !== undefined);
    const seen = new Set([from]);
    const all: GitCommit[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      all.push(next);
      for (const sha of next.parents.filter((parent) => !seen.has(parent))) {
        seen.add(sha);
        waiting.push(...[commits.get(sha)].filter((commit) => commit !== undefined));
      }
      waiting.sort((one, other) => other.committer.date.localeCompare(one.committer.date));
    }
    return all;
  };
  const touches = (sha: string, path: string): boolean =>
    changed.get(sha)?.some((one) => one === path || one.startsWith(`${path}/`)) ?? false;
  const resolve = (revision: string): string | undefined => {
    if (/^[0-9a-f]{40}$/.test(revision)) {
      return peeled(revision);
    }
    const name = revision === "HEAD" ? `refs/heads/${defaultBranch}` : revision;
    const exact = /^(?:heads|tags|refs)\//.test(name);
    const places = exact ? ["", "refs/"] : ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
    const sha = places.map((place) => stored.get(`${place}${name}`)).find((one) => one !== undefined);
    if (sha !== undefined || exact) {
      return sha === undefined ? undefined : peeled(sha);
    }
    const ids = [...commits.keys(), ...tags.keys()].filter((id) => id.startsWith(name));
    return /^[0-9a-f]{4,}$/.test(name) && ids.length === 1 ? peeled(ids[0] ?? "") : undefined;
  };

  return {
    references: async (prefix) => references(prefix),
    reference: async (name) => references(name).find((reference) => reference.name === name),
    createReference: async (name, sha) => !stored.has(name) && write(name, sha),
    moveReference: async (name, sha, from) => stored.get(name) === from && write(name, sha),
    deleteReference: async (name) => void stored.delete(name),
    typeOf: async (sha) => typeOf(sha),
    async isAncestor(ancestor, descendant) {
      const [old, young] = [peeled(ancestor), peeled(descendant)];
      return old !== undefined && young !== undefined && history(young).some(({ sha }) => sha === old);
    },
    resolveCommit: async (revision) => resolve(revision),
    commit: async (sha) => copyOf(commits.get(sha)),
    async log(from, { path, skip, count }) {
      const start = peeled(from);
      if (start === undefined) {
        throw new Error(`${from} is not a commit`);
      }
      const all = history(start).filter(({ sha }) => path === undefined || touches(sha, path));
      return structuredClone(all.slice(skip, skip + count));
    },
    async writeTag(given) {
      if (typeOf(given.object.sha) !== given.object.type) {
        throw new Error(`${given.object.sha} is not a ${given.object.type}`);
      }
      if (given.tag.includes("\n") || /[<>\n]/.test(given.tagger.name + given.tagger.email)) {
        throw new Error("tag or tagger has characters that git refuses");
      }
      const sha = objectId("tag", tagContent(given));
      tags.set(sha, structuredClone({ ...given, sha }));
      return sha;
    },
    tag: async (sha) => copyOf(tags.get(sha)),
    isValidName: async (name) => isReferenceName(name),
    isEmpty: async () => !pushedTo,
    addCommit({
      message,
      date,
      parents = [],
      by = { name: "Ada", email: "ada@example.com" },
      tree = emptyTree,
      paths = [],
    }) {
      const missing = parents.find((parent) => !commits.has(parent));
      if (missing !== undefined) {
        throw new Error(`${missing}: no commit has this id`);
      }
      const signature = { ...by, date };
      const fields = { tree, parents: [...parents], author: signature, committer: { ...signature }, message };
      const sha = commitId(fields);
      commits.set(sha, { sha, ...fields });
      changed.set(sha, [...paths]);
      return sha;
    },
    push(name, sha) {
      if (!write(name, sha)) {
        throw new Error(`git refuses to set ${name} to ${sha}`);
      }
    },
  };
}

function copyOf<T>(value: T | undefined): T | undefined {
  return value === undefined ? undefined : structuredClone(value);
}
