import type { Role } from "../api/token.ts";

/** Who may see a package: everyone, the organization's members, or those with a role on it. */
export type Visibility = "public" | "internal" | "private";

/** One manifest of a package, tagged or not. */
export interface PackageVersion {
  id: number;
  /** `sha256:…` of the manifest: GitHub's name of a container version. */
  digest: string;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  /** Deleted ones are kept, so that they can be restored. */
  deletedAt: string | null;
  downloads: number;
}

/** The stored data of a package. */
export interface PackageRecord {
  id: number;
  /** First segment of the image's name. */
  owner: string;
  /** The rest; may contain slashes. */
  name: string;
  visibility: Visibility;
  /** `owner/name` of the linked repository. */
  repository: string | null;
  /** Whether people have the same role on it as on the linked repository. */
  inherits: boolean;
  /** "Manage Actions access": roles of repositories, for the GITHUB_TOKEN of their runs. */
  actions: Record<string, Role>;
  /** Roles of people by login, without "Inherited access". The person who pushed it first is its admin. */
  people: Record<string, Role>;
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  /** Oldest first. */
  versions: PackageVersion[];
  /** Content of an earlier, deleted package of the same name that this one does not have: no longer served, not restorable. */
  buried: Pick<PackageVersion, "digest" | "tags">[];
}

/** The stored data of an owner of packages. */
export interface OwnerRecord {
  name: string;
  /** Undefined: a person if a token has the login, else an organization. */
  type?: "organization" | "user";
  /** The organization's "Package Creation" switches; false: members cannot create packages of that visibility. */
  creation: Record<Visibility, boolean>;
  /** Visibility of packages that are pushed for the first time. Undefined: public for tokens without a kind, private for all others. */
  newPackages?: Visibility;
}

/** Splits an image's name; undefined without a namespace: such an image is not a package. */
export function packageNameOf(repository: string): { owner: string; name: string } | undefined {
  const slash = repository.indexOf("/");
  return slash <= 0 ? undefined : { owner: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/** Existing versions, oldest first. */
export function activeVersions({ versions }: PackageRecord): PackageVersion[] {
  return versions.filter(({ deletedAt }) => deletedAt === null);
}
