import type { Mistake } from "../../../errors/configuration-error.ts";
import { askGit } from "./git.ts";

/** What git says of the folder that is released. */
export interface WorkTree {
  /** Full id of HEAD. */
  commit: string;
  /** Commit time in seconds since 1970: the time of everything that is built. */
  commitTime: number;
  /** Names of the tags exactly at HEAD. */
  tags: string[];
  /** What the annotated ones among them say below their title, by tag; without signatures. Tags that say nothing more are left out. */
  messages: ReadonlyMap<string, string>;
  /** Files that differ from HEAD or are not tracked, as `git status --porcelain` names them; at most 20. */
  changed: string[];
}

/** The work tree, or why it cannot be read. */
export interface ObservedWorkTree {
  workTree: WorkTree | undefined;
  mistakes: Mistake[];
}

/**
 * Asks git for the commit, its time, its tags and what is not committed. Reads only (git.ts).
 * @param workspace folder in the work tree, relative to the current one
 */
export async function observeWorkTree(workspace: string): Promise<ObservedWorkTree> {
  try {
    const [head, tags, status] = await Promise.all([
      askGit(workspace, "show", "--no-patch", "--format=%H %ct", "HEAD"),
      askGit(workspace, "tag", "--points-at", "HEAD", `--format=${tagFormat}`),
      askGit(workspace, "status", "--porcelain"),
    ]);
    const [commit = "", time = ""] = head.split(" ");
    return {
      workTree: { commit, commitTime: Number(time), ...readTags(tags), changed: lines(status).slice(0, 20) },
      mistakes: [],
    };
  } catch (error) {
    return { workTree: undefined, mistakes: [notReadable(workspace, error)] };
  }
}

/**
 * Of a lightweight tag, the type is `commit` and the body is the commit's. A text from git has no NUL.
 * Source: git-for-each-ref(1), "FIELD NAMES".
 */
const tagFormat = "%(refname:strip=2)%00%(objecttype)%00%(contents:body)%00";

/** Reads the tags in that format: three fields each, and a line end between them. */
function readTags(text: string): Pick<WorkTree, "tags" | "messages"> {
  const found = [...text.matchAll(/([^\0]*)\0([^\0]*)\0([^\0]*)\0\n?/g)];
  const named = found.map(([, tag = "", type, body = ""]) => ({ tag, message: type === "tag" ? body.trim() : "" }));
  const annotated = named.filter(({ message }) => message !== "");
  return {
    tags: named.map(({ tag }) => tag),
    messages: new Map(annotated.map(({ tag, message }) => [tag, message])),
  };
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function notReadable(workspace: string, error: unknown): Mistake {
  const { code, stderr } = error as { code?: string; stderr?: string };
  if (code === "ENOENT") {
    return {
      path: "workspace",
      value: workspace,
      reason: "is not a folder, or git is not installed",
      example: "`lockstep:workspace: .`",
    };
  }
  const words = (stderr ?? String(error)).trim().split("\n")[0] ?? "";
  return {
    path: "workspace",
    value: workspace,
    reason: `is not a git work tree with a commit (git: ${words})`,
    example: "a clone of your repository",
  };
}
