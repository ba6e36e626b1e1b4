import { gitHub, allowMissing } from "./github.ts";

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
