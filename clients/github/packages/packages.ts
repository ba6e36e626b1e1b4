import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { ServerRefusal } from "../../../errors/server-refusal.ts";
import { mostPages } from "../pages.ts";
import { gitHub, allowMissing } from "../github.ts";

/** A package as the REST API returns it. `visibility` may also be `internal`, which the description leaves out. */
export type Package = RestEndpointMethodTypes["packages"]["getPackageForOrganization"]["response"]["data"];

/** Organizations and people have their packages under different addresses. */
export type OwnerKind = "Organization" | "User";

/**
 * Reads the kind of an account.
 * @returns undefined if there is no such account
 */
export async function readOwnerKind(login: string): Promise<OwnerKind | undefined> {
  const account = await allowMissing(gitHub().rest.users.getByUsername({ username: login }));
  return account && (account.data.type === "Organization" ? "Organization" : "User");
}

/**
 * Reads one container package.
 * @param name below its owner: `charts/app` (Octokit writes the slash as `%2F`, which GitHub requires)
 * @returns undefined if it does not exist, or the token may not see it: GitHub gives the same answer for both
 * @throws ServerRefusal 403 if the token may not ask
 */
export async function readContainerPackage(kind: OwnerKind, owner: string, name: string): Promise<Package | undefined> {
  const { packages } = gitHub().rest;
  const which = { package_type: "container" as const, package_name: name };
  const answer =
    kind === "Organization"
      ? packages.getPackageForOrganization({ ...which, org: owner })
      : packages.getPackageForUser({ ...which, username: owner });
  return (await allowMissing<{ data: Package }>(answer))?.data;
}

interface Page {
  etag: string | undefined;
  packages: Package[];
  /** Number of the last page. */
  last: number;
}

/** The pages last read in this process, by organization and number. */
const pages = new Map<string, Page>();
/** Listings in progress, by organization: simultaneous callers get the same answer. */
const listings = new Map<string, Promise<Package[]>>();

/**
 * Lists all container packages of an organization, 100 per request. Simultaneous callers share the requests. Later calls
 * send the ETag, and unchanged pages (304) do not count toward the rate limit.
 * Source: REST "List packages for an organization"; docs.github.com, "Best practices for using the REST API", conditional requests.
 * @throws ServerRefusal 403 if the token may not list them
 */
export function listContainerPackages(organization: string): Promise<Package[]> {
  const running = listings.get(organization);
  if (running) {
    return running;
  }
  const listing = list(organization).finally(() => listings.delete(organization));
  listings.set(organization, listing);
  return listing;
}

async function list(organization: string): Promise<Package[]> {
  const first = await readPage(organization, 1);
  const others = Array.from({ length: first.last - 1 }, (_, at) => readPage(organization, at + 2));
  return [first, ...(await Promise.all(others))].flatMap(({ packages }) => packages);
}

function makeLongListRefusal(organization: string, last: number): ServerRefusal {
  const words = `the list has ${last} pages, but at most ${mostPages} are read`;
  return new ServerRefusal({ request: `GET /orgs/${organization}/packages`, status: 200, words });
}

async function readPage(organization: string, number: number): Promise<Page> {
  const key = `${organization} ${number}`;
  const before = pages.get(key);
  try {
    const { data, headers } = await gitHub().rest.packages.listPackagesForOrganization({
      org: organization,
      package_type: "container",
      per_page: 100,
      page: number,
      ...(before?.etag === undefined ? {} : { headers: { "if-none-match": before.etag } }),
    });
    const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(headers.link ?? "")?.[1] ?? number);
    if (last > mostPages) {
      throw makeLongListRefusal(organization, last);
    }
    const read = { etag: headers.etag, packages: data, last };
    pages.set(key, read);
    return read;
  } catch (error) {
    if (before !== undefined && error instanceof ServerRefusal && error.status === 304) {
      return before;
    }
    throw error;
  }
}
