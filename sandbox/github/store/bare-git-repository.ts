import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { hasLooseObject, makeRepository, storedReferences } from "./git-files.ts";
import { instant } from "./git-repository.ts";
import type { GitCommit, GitReference, GitRepository, GitTag } from "./git-repository.ts";

/** Types of objects by their full ids, and commits: the same in every repository that has them. */
const types = new Map<string, string>();
const toldCommits = new Map<string, GitCommit>();

const commitFormat = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x00");

/**
 * Opens the bare repository at `directory`; creates it with `defaultBranch` as HEAD if there is none. Only the git command writes to it.
 * Pushes from outside are visible at once: references are read each time, and from their files, because a process for each reading would
 * be most of the sandbox's work. An object is named by its content, so git's answers about objects are cached for every repository.
 */
export async function openGitRepository(directory: string, defaultBranch: string): Promise<GitRepository> {
  if (!existsSync(join(directory, "HEAD"))) {
    await makeRepository(directory, defaultBranch);
  }
  const env = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
  const git = (args: readonly string[], input = "") =>
    execa("git", ["--git-dir", directory, ...args], { env, input, reject: false, stripFinalNewline: false });
  const must = async (args: readonly string[], input = ""): Promise<string> => {
    const result = await git(args, input);
    if (result.failed) {
      throw new Error(`git ${args[0] ?? ""}: ${result.stderr.trim()}`);
    }
    return result.stdout;
  };
  const typeOf = kept(async (sha) => {
    const known = hasLooseObject(directory, sha) ? types.get(sha) : undefined;
    if (known !== undefined) {
      return known;
    }
    const result = await git(["cat-file", "-t", sha]);
    if (result.failed) {
      return undefined;
    }
    const type = result.stdout.trim();
    if (isFullId(sha)) {
      types.set(sha, type);
    }
    return type;
  });
  const references = async (prefix: string): Promise<GitReference[]> => {
    const stored = [...(await storedReferences(directory))].filter(([name]) => name.startsWith(prefix));
    return Promise.all(stored.map(async ([name, sha]) => ({ name, sha, type: (await typeOf(sha)) ?? "" })));
  };
  const tagOf = kept(async (sha): Promise<GitTag | undefined> => {
    if ((await typeOf(sha)) !== "tag") {
      return undefined;
    }
    const text = await must(["cat-file", "tag", sha]);
    const split = text.indexOf("\n\n");
    const head = split < 0 ? text : text.slice(0, split);
    const field = (name: string) => new RegExp(`^${name} (.*)$`, "m").exec(head)?.[1] ?? "";
    const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+)/.exec(field("tagger")) ?? [];
    return {
      sha,
      tag: field("tag"),
      object: { sha: field("object"), type: field("type") },
      tagger: { name, email, date: instant(seconds) },
      message: split < 0 ? "" : text.slice(split + 2),
    };
  });
  /** The commit that an object is or, through tags, names. */
  const peeled = async (sha: string): Promise<string | undefined> => {
    const type = await typeOf(sha);
    if (type === "tag") {
      const object = (await tagOf(sha))?.object.sha;
      return object === undefined ? undefined : peeled(object);
    }
    return type === "commit" ? sha : undefined;
  };
  const resolveCommit = async (revision: string): Promise<string | undefined> => {
    if (revision.startsWith("-")) {
      return undefined;
    }
    if (isFullId(revision)) {
      return peeled(revision);
    }
    const name = /^(?:heads|tags)\//.test(revision) ? `refs/${revision}` : revision;
    if (/^refs\/[^~^:@{]+$/.test(name)) {
      const sha = (await storedReferences(directory)).get(name);
      return sha === undefined ? undefined : peeled(sha);
    }
    const result = await git(["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`]);
    return result.failed ? undefined : result.stdout.trim();
  };
  const ancestry = kept(async (range) =>
    (await git(["merge-base", "--is-ancestor", ...range.split(" ")])).failed ? undefined : true,
  );
  let pushedTo = false;
  const log: GitRepository["log"] = async (from, { path, skip, count }) => {
    const range = [`--skip=${skip}`, `--max-count=${count}`, "-z", `--format=${commitFormat}%x00`, from, "--"];
    const output = await must(["log", ...range, ...(path === undefined ? [] : [path])]);
    const fields = output.split("\0");
    const commits: GitCommit[] = [];
    // Ten fields and the empty one between two commits.
    for (let at = 0; at + 10 <= fields.length; at += 11) {
      commits.push(toCommit(fields.slice(at, at + 10)));
    }
    return commits;
  };
  const told = async (sha: string): Promise<GitCommit | undefined> => {
    const commit = toldCommits.get(sha) ?? (await log(sha, { skip: 0, count: 1 }))[0];
    if (commit !== undefined && isFullId(sha)) {
      toldCommits.set(sha, commit);
    }
    return commit;
  };
  return {
    references,
    reference: async (name) => (await references(name)).find((reference) => reference.name === name),
    // An all-zero old value makes git create it or fail, under git's own lock.
    createReference: async (name, sha) => !(await git(["update-ref", name, sha, "0".repeat(40)])).failed,
    moveReference: async (name, sha, from) => !(await git(["update-ref", name, sha, from])).failed,
    deleteReference: async (name) => void (await must(["update-ref", "-d", name])),
    typeOf,
    isAncestor: async (ancestor, descendant) => (await ancestry(`${ancestor} ${descendant}`)) ?? false,
    resolveCommit: (revision) => (isFullId(revision) ? peeled : resolveCommit)(revision),
    commit: kept(async (sha) => ((await typeOf(sha)) === "commit" ? told(sha) : undefined)),
    log,
    async writeTag({ tag, object, tagger, message }) {
      const seconds = Math.floor(Date.parse(tagger.date) / 1000);
      const head = `object ${object.sha}\ntype ${object.type}\ntag ${tag}\ntagger ${tagger.name} <${tagger.email}> ${seconds} +0000\n`;
      return (await must(["mktag", "--no-strict"], `${head}\n${message}`)).trim();
    },
    tag: tagOf,
    isValidName: async (name) => (await validity(name)) === true,
    isEmpty: async () => !(pushedTo ||= (await storedReferences(directory)).size > 0),
  };
}

/** Whether git accepts this as a reference's name: the same in every repository. */
const validity = kept(async (name) => !(await execa("git", ["check-ref-format", name], { reject: false })).failed);

/** Caches answers: asks until there is one, and never again. */
function kept<T>(ask: (about: string) => Promise<T | undefined>): (about: string) => Promise<T | undefined> {
  const answers = new Map<string, T>();
  return async (about) => {
    const answer = answers.get(about) ?? (await ask(about));
    if (answer !== undefined) {
      answers.set(about, answer);
    }
    return answer;
  };
}

function toCommit(fields: readonly string[]): GitCommit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", at = "0", cn = "", ce = "", ct = "0", message = ""] =
    fields;
  return {
    sha: sha.trim(),
    tree,
    parents: parents === "" ? [] : parents.split(" "),
    author: { name: an, email: ae, date: instant(at) },
    committer: { name: cn, email: ce, date: instant(ct) },
    message: message.replace(/\n+$/, ""),
  };
}

function isFullId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
