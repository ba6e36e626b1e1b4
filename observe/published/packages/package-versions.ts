import { readPackageVersion, listPackageVersions } from "../../../clients/github/packages/package-versions.ts";
import type { PackageAddress, PackageVersionAnswer } from "../../../clients/github/packages/package-versions.ts";
import { readContainerPackage } from "../../../clients/github/packages/packages.ts";
import { getManifest } from "../../../clients/registry/registry.ts";
import { runStep } from "../../../errors/explain-error.ts";
import { readManifestReferences } from "../../../formats/artifact/manifest-references.ts";
import type { ManifestReferences } from "../../../formats/artifact/manifest-references.ts";

/** One manifest of a package. */
export interface PackageVersion {
  /** GitHub's number for it. */
  id: number;
  /** `sha256:…`. */
  digest: string;
  tags: readonly string[];
  /** Milliseconds since 1970: when it was pushed, or last changed if GitHub reports a later change. */
  changedAt: number;
}

/** The content of a package. */
export interface ObservedPackage {
  /** In no order. */
  versions: PackageVersion[];
  /** Their references, by digest; a manifest that could not be read has no entry. */
  manifests: Map<string, ManifestReferences>;
  /** How many versions GitHub counts. If it is more than are listed, the list is incomplete. */
  counted: number;
}

/** Manifests read at the same time. */
const atOnce = 8;

/**
 * Reads all versions of a package from GitHub and all their manifests from the registry. Reads only.
 * @param repository of the package in the registry, with its host
 * @param known manifests that were read before; the content of a digest never changes
 * @returns undefined if there is no such package, or the token may not see it: GitHub gives the same answer for both
 * @throws ReleaseError if a service refuses or does not answer; a manifest that the registry does not have, or that is not JSON, is
 * left out instead
 */
export async function observePackage(
  at: PackageAddress,
  repository: string,
  known: ReadonlyMap<string, ManifestReferences> = new Map(),
): Promise<ObservedPackage | undefined> {
  const step = `reading the versions of the package ${at.owner}/${at.name}`;
  const found = await runStep(step, () => readContainerPackage(at.kind, at.owner, at.name));
  if (found === undefined) {
    return undefined;
  }
  const versions = (await runStep(step, () => listPackageVersions(at))).map(toVersion);
  const manifests = new Map<string, ManifestReferences>();
  const left = [...new Set(versions.map(({ digest }) => digest))];
  const read = async (): Promise<void> => {
    for (let digest = left.pop(); digest !== undefined; digest = left.pop()) {
      const references = known.get(digest) ?? (await readReferences(repository, digest));
      if (references !== undefined) {
        manifests.set(digest, references);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, read));
  } finally {
    // One failure also ends the others.
    left.length = 0;
  }
  return { versions, manifests, counted: found.version_count };
}

/**
 * Reads one version again.
 * @returns undefined if it is gone
 * @throws ReleaseError
 */
export async function observeVersion(at: PackageAddress, id: number): Promise<PackageVersion | undefined> {
  const step = `reading version ${id} of the package ${at.owner}/${at.name}`;
  const found = await runStep(step, () => readPackageVersion(at, id));
  return found && toVersion(found);
}

function toVersion({ id, name, created_at, updated_at, metadata }: PackageVersionAnswer): PackageVersion {
  return {
    id,
    digest: name,
    tags: metadata?.container?.tags ?? [],
    changedAt: Math.max(readTime(created_at), readTime(updated_at)),
  };
}

/** A version without a readable time counts as young. */
function readTime(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

async function readReferences(repository: string, digest: string): Promise<ManifestReferences | undefined> {
  // GitHub names a version of a container by its digest; under another name it cannot be requested.
  if (!/^sha\d+:[0-9a-f]+$/.test(digest)) {
    return undefined;
  }
  const manifest = await runStep(`reading ${repository}@${digest}`, () => getManifest(repository, digest));
  return manifest && readManifestReferences(manifest.bytes.toString("utf8"));
}
