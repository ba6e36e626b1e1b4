import { z } from "zod";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { parseCheckedJson } from "../../formats/checked-json.ts";
import { readBody } from "../bounded-body.ts";
import { retried } from "../retry.ts";
import { askRegistry } from "./access.ts";
import { describeRequest, readRegistryRefusal } from "./refusal.ts";

/** The most tags to ask for. */
const mostTags = 1_000;

/** The most bytes to read: a tag has at most 128 characters. A registry may send more tags than were asked for. */
const mostBytes = 4 * 2 ** 20;

/** Registries send null for no tags. Source: OCI distribution-spec 1.1.1, "Listing Tags". */
const TagList = z.object({ tags: z.array(z.string()).nullish() });

/**
 * Lists the tags of a repository: one answer, at most 1,000 tags if the registry heeds the number. It is a sample of a longer list; which tags
 * it has is up to the registry.
 * @param repository with its registry
 * @returns undefined if nothing was ever pushed there (404)
 * @throws ServerRefusal if this login may not know, or for an answer that is not a list of tags
 */
export function listSomeTags(repository: string): Promise<string[] | undefined> {
  return retried(async () => {
    const answer = await askRegistry(repository, `tags/list?n=${mostTags}`);
    if (answer.status === 404) {
      await answer.body?.cancel();
      return undefined;
    }
    if (!answer.ok) {
      throw await readRegistryRefusal(answer, "GET");
    }
    const request = describeRequest(answer, "GET");
    const bytes = await readBody(answer, { request, most: mostBytes });
    try {
      return parseCheckedJson(TagList, bytes).tags ?? [];
    } catch (error) {
      const words = `the list of tags cannot be read: ${(error as Error).message}`;
      throw new ServerRefusal({ request, status: answer.status, words }, { cause: error });
    }
  });
}
