import { z } from "zod";
import { createGitTag, findGitTag, repositoryOf, shareTagCommit } from "../../clients/github/git-refs.ts";
import { StepFailure } from "../../errors/step-failure.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import type { Provider } from "../host/provider.ts";

const Inputs = z.object({
  /** `owner/name`. */
  repository: z.string(),
  tag: z.string(),
  /** Full commit id. */
  commit: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, { error: "is not a full commit id" }),
  /** Message of the annotated tag, used only if the tag is created here. */
  message: z.string(),
});

/** Inputs of a GitTag. */
export type GitTagInputs = z.output<typeof Inputs>;

/** Outputs of a GitTag. */
export interface GitTagOutputs {
  /** `refs/tags/…`. */
  ref: string;
}

/** A git tag at one commit: kept if it exists, created as an annotated tag if it does not, never moved. */
export const gitTagProvider: Provider<GitTagInputs, GitTagOutputs> = {
  phrase: ({ repository, tag }) => `making the git tag ${tag} of ${repository}`,
  inputs: Inputs,
  identity: ["repository", "tag"],
  id: ({ repository, tag }) => `${repository} ${tag}`,

  async read(inputs) {
    const commit = await shareTagCommit(repositoryOf(inputs.repository), inputs.tag);
    return commit === undefined ? undefined : { inputs: { ...inputs, commit }, outputs: makeOutputs(inputs) };
  },

  async reconcile(inputs, progress) {
    const repository = repositoryOf(inputs.repository);
    const before = await findGitTag(repository, inputs.tag);
    if (before === undefined) {
      try {
        await createGitTag(repository, inputs.tag, inputs.commit, inputs.message);
        progress.done(`${inputs.tag} → ${inputs.commit}`);
      } catch (error) {
        // Something else was faster: whether that is the same tag is decided by looking, not by the refusal.
        if (!(error instanceof ServerRefusal && error.status === 422 && /already exists/i.test(error.words))) {
          throw error;
        }
      }
    }
    const now = before ?? (await findGitTag(repository, inputs.tag));
    if (now?.commit !== inputs.commit) {
      throw makeConflictError(inputs, now?.commit ?? "nothing");
    }
    return makeOutputs(inputs);
  },
};

function makeOutputs({ tag }: GitTagInputs): GitTagOutputs {
  return { ref: `refs/tags/${tag}` };
}

function makeConflictError({ tag, commit }: GitTagInputs, found: string): StepFailure {
  return new StepFailure({
    code: "GIT_TAG_CONFLICT",
    reason: `${tag} names the commit ${found}\nthis release has ${commit}`,
    meaning: "Something else made or moved the tag while the release ran. It was not touched.",
    fix: "Release the next version from this commit.",
    rerun: "yes, but it will fail here as long as the tag is at the other commit",
  });
}
