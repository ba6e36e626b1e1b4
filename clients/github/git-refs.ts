import { gitHub, gitHubApi, allowMissing } from "./github.ts";
import { shareAnswer } from "../shared-answers.ts";
import { readAllPages } from "./pages.ts";

/** How many tags of a repository are asked for one by one before all are listed. */
const mostOneByOne = 3;

/** How many were asked for, by server and repository. */
const tagsAskedFor = new Map<string, number>();

/** Owner and name of a GitHub repository. */
export interface Repository {
  owner: string;
  repo: string;
}

/** Splits `acme/widgets`. */
export function repositoryOf(fullName: string): Repository {
  const [owner = "", repo = ""] = fullName.split("/");
  return { owner, repo };
}

/** A git tag at GitHub. */
export interface GitTag {
  /** Full id of the commit that the tag names, through an annotated tag's object if necessary. */
  commit: string;
  /** True for an annotated tag. */
  annotated: boolean;
}

/**
 * Looks a tag up.
 * @returns undefined if there is no such tag
 */
export async function findGitTag(repository: Repository, tag: string): Promise<GitTag | undefined> {
  const { rest } = gitHub();
  const ref = await allowMissing(rest.git.getRef({ ...repository, ref: `tags/${tag}` }));
  // A server may answer with a ref that only begins with this name.
  if (ref?.data.ref !== `refs/tags/${tag}`) {
    return undefined;
  }
  let { object } = ref.data;
  const annotated = object.type === "tag";
  // A tag may name a tag; git itself follows such a chain to its end.
  for (let depth = 0; object.type === "tag" && depth < 8; depth++) {
    object = (await rest.git.getTag({ ...repository, tag_sha: object.sha })).data.object;
  }
  return { commit: object.sha, annotated };
}

/**
 * Looks for the commit of a tag, and shares the answer within the run: for a look, never for a decision to write. The first three tags of a
 * repository are asked for one by one, further ones are searched in a list of all tags, which is read once: two requests for each tag against
 * one for a hundred.
 * @returns undefined if there is no such tag
 */
export function shareTagCommit(repository: Repository, tag: string): Promise<string | undefined> {
  const { owner, repo } = repository;
  const key = `${gitHubApi()} ${owner}/${repo}`;
  return shareAnswer(["git tag", key, tag], async () => {
    const number = (tagsAskedFor.get(key) ?? 0) + 1;
    tagsAskedFor.set(key, number);
    if (number <= mostOneByOne) {
      return (await findGitTag(repository, tag))?.commit;
    }
    const commits = await shareAnswer(["git tags", key], () => listTagCommits(repository));
    return commits.get(tag);
  });
}

/** Lists all tags with their commits. Source: REST "List repository tags", which names the commit behind an annotated tag. */
export async function listTagCommits(repository: Repository): Promise<Map<string, string>> {
  const tags = await readAllPages(gitHub().rest.repos.listTags, { ...repository, per_page: 100 });
  return new Map(tags.map(({ name, commit }) => [name, commit.sha]));
}

/**
 * Creates an annotated tag: an object (harmless if nothing names it), then the ref. Not retried; after a failure, the caller checks first.
 * @throws ServerRefusal; 422 "Reference already exists" if someone else was faster
 */
export async function createGitTag(
  repository: Repository,
  tag: string,
  commit: string,
  message: string,
): Promise<void> {
  const { rest } = gitHub();
  const object = await rest.git.createTag({ ...repository, tag, message, object: commit, type: "commit" });
  await rest.git.createRef({ ...repository, ref: `refs/tags/${tag}`, sha: object.data.sha });
}
