import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { readAllPages } from "../pages.ts";
import { gitHub, allowMissing } from "../github.ts";
import type { OwnerKind } from "./packages.ts";

/** A version of a container package as the REST API returns it: one manifest with all its tags. `name` is its digest. */
export type PackageVersionAnswer =
  RestEndpointMethodTypes["packages"]["getPackageVersionForOrganization"]["response"]["data"];

/** The address of a package. */
export interface PackageAddress {
  kind: OwnerKind;
  owner: string;
  /** Below its owner: `charts/app`. */
  name: string;
}

/**
 * Lists all versions of a package that are not deleted. A version that is pushed or deleted while the pages are read can be missing or
 * appear twice: compare the number with the package's own.
 * @throws ServerRefusal
 */
export async function listPackageVersions({ kind, owner, name }: PackageAddress): Promise<PackageVersionAnswer[]> {
  const { packages } = gitHub().rest;
  const which = { package_type: "container" as const, package_name: name, per_page: 100 };
  const all = await (kind === "Organization"
    ? readAllPages(packages.getAllPackageVersionsForPackageOwnedByOrg, { ...which, org: owner })
    : // The description has no pages for this form, yet the server returns pages of 30 by default.
      // Source: github.com/github/rest-api-description issue 1651.
      readAllPages(packages.getAllPackageVersionsForPackageOwnedByUser, { ...which, username: owner }));
  return [...new Map(all.map((version) => [version.id, version])).values()];
}

/**
 * Reads one version of a package.
 * @returns undefined if it is deleted, or the token may not see it
 */
export async function readPackageVersion(
  { kind, owner, name }: PackageAddress,
  id: number,
): Promise<PackageVersionAnswer | undefined> {
  const { packages } = gitHub().rest;
  const which = { package_type: "container" as const, package_name: name, package_version_id: id };
  const answer =
    kind === "Organization"
      ? packages.getPackageVersionForOrganization({ ...which, org: owner })
      : packages.getPackageVersionForUser({ ...which, username: owner });
  return (await allowMissing<{ data: PackageVersionAnswer }>(answer))?.data;
}

/**
 * Deletes a version: the manifest and all its tags. GitHub can restore it for 30 days. Not retried: a caller that gets no answer checks first.
 * @throws ServerRefusal with GitHub's words
 */
export async function deletePackageVersion({ kind, owner, name }: PackageAddress, id: number): Promise<void> {
  const { packages } = gitHub().rest;
  const which = { package_type: "container" as const, package_name: name, package_version_id: id };
  if (kind === "Organization") {
    await packages.deletePackageVersionForOrg({ ...which, org: owner });
  } else {
    await packages.deletePackageVersionForUser({ ...which, username: owner });
  }
}
