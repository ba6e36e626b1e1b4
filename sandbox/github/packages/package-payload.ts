import { activeVersions } from "./package-record.ts";
import type { PackageRecord, PackageVersion } from "./package-record.ts";
import type { Links } from "../api/links.ts";
import { repositoryPayload } from "../accounts/repository-payload.ts";
import type { Store } from "../store/store.ts";
import { simpleUser } from "../accounts/user-payload.ts";

/** The data that a package's addresses are made from. */
export interface PackageAddresses {
  links: Links;
  /** Whether its owner is a person: addresses begin with `users` then, else with `orgs`. */
  person: boolean;
}

/** Schema `package` of GitHub's OpenAPI description. The linked repository is included only if it still exists. */
export function packagePayload(
  record: PackageRecord,
  addresses: PackageAddresses,
  store: Pick<Store, "find">,
): Record<string, unknown> {
  const { links, person } = addresses;
  const [owner = "", name = ""] = record.repository?.split("/") ?? [];
  const repository = store.find(owner, name)?.record;
  return {
    id: record.id,
    name: record.name,
    package_type: "container",
    owner: { ...simpleUser(record.owner, links), type: person ? "User" : "Organization" },
    version_count: activeVersions(record).length,
    visibility: record.visibility,
    url: apiAddress(record, addresses),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    ...(repository === undefined ? {} : { repository: repositoryPayload(repository, links, undefined) }),
    html_url: packagePage(record, addresses),
  };
}

/** Schema `package-version`; a container version's name is its digest. */
export function versionPayload(
  version: PackageVersion,
  record: PackageRecord,
  addresses: PackageAddresses,
): Record<string, unknown> {
  const page = packagePage(record, addresses);
  return {
    id: version.id,
    name: version.digest,
    url: `${apiAddress(record, addresses)}/versions/${version.id}`,
    package_html_url: page,
    created_at: version.createdAt,
    updated_at: version.updatedAt,
    ...(version.deletedAt === null ? {} : { deleted_at: version.deletedAt }),
    html_url: `${page}/${version.id}`,
    metadata: { package_type: "container", container: { tags: [...version.tags] } },
  };
}

/** A package's page in the browser; its settings are at `/settings` of the address without `/package`. */
export function packagePage({ owner, name }: PackageRecord, { links, person }: PackageAddresses): string {
  return `${links.web}/${person ? "users" : "orgs"}/${owner}/packages/container/package/${encodeURIComponent(name)}`;
}

function apiAddress({ owner, name }: PackageRecord, { links, person }: PackageAddresses): string {
  return `${links.api}/${person ? "users" : "orgs"}/${owner}/packages/container/${encodeURIComponent(name)}`;
}
