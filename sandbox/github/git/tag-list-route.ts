import { page } from "../api/call.ts";
import type { Route } from "../api/call.ts";
import { tagListPayload } from "./git-payload.ts";

/** Tags with the commits that they name, through annotated tags (https://docs.github.com/rest/repos/repos#list-repository-tags). Z to A, as GitHub lists them. */
export const tagListRoute: Route = {
  method: "GET",
  path: "/repos/{owner}/{repo}/tags",
  access: "read",
  async run(call) {
    const { repository, fullName, links } = call;
    const references = (await repository.git.references("refs/tags/")).toReversed();
    const { items, headers } = page(references, call);
    const tags = await Promise.all(
      items.map(async ({ name, sha }) => ({ name, commit: await repository.git.resolveCommit(sha) })),
    );
    // A tag of a file or a folder is not listed.
    const listed = tags.flatMap(({ name, commit }) => (commit === undefined ? [] : [{ name, commit }]));
    return { status: 200, json: listed.map((tag) => tagListPayload(tag, fullName, links)), headers };
  },
};
