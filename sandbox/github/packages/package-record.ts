import type { Role } from "../api/token.ts";

/** Who may see a package: everybody, the organization's members, or those with a role on it. */
export type Visibility = "public" | "internal" | "private";

/** One manifest of a package, tagged or not. */
export interface PackageVersion {
  id: number;
  /** `sha256:…` of the manifest: what GitHub calls a container version's name. */
  digest: string;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  /** Deleted ones are kept, so that they can be restored. */
  deletedAt: string | null;
  downloads: number;
}

/** What is kept of a package. */
export interface PackageRecord {
  id: number;
  /** First segment of the image's name. */
  owner: string;
  /** All that follows; may hold slashes. */
  name: string;
  visibility: Visibility;
  /** `owner/name` of the repository it is linked to. */
  repository: string | null;
  /** Whether people have the role on it that they have on the linked repository. */
  inherits: boolean;
  /** "Manage Actions access": roles of repositories, for the GITHUB_TOKEN of their runs. */
  actions: Record<string, Role>;
  /** "Inherited access" aside: roles of people by login. Whoever pushed it first is its admin. */
  people: Record<string, Role>;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  /** Oldest first. */
  versions: PackageVersion[];
  /** What an earlier, deleted package of the name held and this one does not: no longer served, not restorable. */
  buried: Pick<PackageVersion, "digest" | "tags">[];
}

/** What is kept of an owner of packages. */
export interface OwnerRecord {
  name: string;
  /** Undefined: a person where some token has the login, else an organization. */
  type?: "organization" | "user";
  /** The organization's "Package Creation" switches; false: members cannot make packages of that visibility. */
  creation: Record<Visibility, boolean>;
  /** Visibility of what is pushed for the first time. Undefined: public for tokens without a kind, private for all others. */
  newPackages?: Visibility;
}

/** Splits an image's name; undefined without a namespace, as such an image is no package. */
export function packageNameOf(repository: string): { owner: string; name: string } | undefined {
  const slash = repository.indexOf("/");
  return slash <= 0 ? undefined : { owner: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/** Versions that are there, oldest first. */
export function activeVersions({ versions }: PackageRecord): PackageVersion[] {
  return versions.filter(({ deletedAt }) => deletedAt === null);
}
