import { readPages } from "../pages.ts";
import { gitHub } from "../github.ts";

/**
 * Finds the ids of an organization's repositories by name in its list: one request per hundred, and none once all are found.
 * @param names without the organization; compared without regard to case, as GitHub does
 * @returns by name in lower case, without those that the organization does not have or the token may not see
 */
export async function findRepositoryIds(org: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const ids = new Map<string, number>();
  if (wanted.size === 0) {
    return ids;
  }
  for await (const page of readPages(gitHub().rest.repos.listForOrg, { org, sort: "full_name", per_page: 100 })) {
    for (const { name, id } of page) {
      if (wanted.has(name.toLowerCase())) {
        ids.set(name.toLowerCase(), Number(id));
      }
    }
    if (ids.size === wanted.size) {
      break;
    }
  }
  return ids;
}
