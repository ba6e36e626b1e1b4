import { ServerRefusal } from "../../errors/server-refusal.ts";
import { gitHub } from "./github.ts";

/** The most pages of a list to read: 100,000 items at 100 a page. */
export const mostPages = 1_000;

/** A method of Octokit that reads a list, and can name its address. */
interface ListMethod<Parameters, Data> {
  (parameters: Parameters): Promise<{ data: Data }>;
  endpoint(parameters: Parameters): { url: string; headers: object };
}

/**
 * Reads a list page by page, following its links.
 *
 * Octokit's own pagination is not used: it treats an answer without data as an empty page, and a 409 as the end of a list.
 * Source: docs.github.com, "Using pagination in the REST API".
 * @param method of `gitHub().rest`
 * @returns the data of each page
 * @throws ServerRefusal if a page cannot be read, if a link names a page that was already read, and after 1,000 pages: an
 *   incomplete list is worthless
 */
export async function* readPages<Parameters, Data>(
  method: ListMethod<Parameters, Data>,
  parameters: Parameters,
): AsyncGenerator<Data> {
  const { url, headers } = method.endpoint(parameters);
  const seen = new Set<string>();
  for (let next: string | undefined = url; next !== undefined;) {
    if (seen.has(next)) {
      throw makeEndlessListRefusal(next, "the list links to a page that was already read");
    }
    if (seen.size === mostPages) {
      throw makeEndlessListRefusal(next, `the list has more than ${mostPages} pages`);
    }
    seen.add(next);
    const answer: { data: unknown; headers: { link?: string | undefined } } = await gitHub().request({
      method: "GET",
      url: next,
      headers: { ...headers },
    });
    yield answer.data as Data;
    next = /<([^<>]+)>;\s*rel="next"/.exec(answer.headers.link ?? "")?.[1];
  }
}

/** Reads all pages of a list of arrays into one array. Otherwise like readPages(). */
export async function readAllPages<Parameters, Item>(
  method: ListMethod<Parameters, Item[]>,
  parameters: Parameters,
): Promise<Item[]> {
  const pages: Item[][] = [];
  for await (const page of readPages(method, parameters)) {
    pages.push(page);
  }
  return pages.flat();
}

function makeEndlessListRefusal(address: string, words: string): ServerRefusal {
  return new ServerRefusal({ request: `GET ${address.split("?", 1)[0]}`, status: 200, words });
}
