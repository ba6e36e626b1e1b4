import { ReleaseError } from "../../errors/release-error.ts";
import type { PackageAccess } from "../../observe/published/packages/package-access.ts";
import type { PlannedArtifact } from "../artifact/planned-artifact.ts";

/** What is going to be pushed. */
type Pushed = Pick<PlannedArtifact, "kind" | "name" | "ociRepository">;

const named = { image: "an image", chart: "a chart" } as const;

/**
 * Refuses a chart whose repository holds images, and an image whose repository holds charts: of two artifacts with one version, the second
 * would overwrite the first one's tag.
 * @param artifacts everything that the run is going to push
 * @param packages what was observed of their repositories
 * @throws ReleaseError CONFIGURATION with every such repository
 */
export function refuseOtherKinds(
  artifacts: readonly Pushed[],
  packages: readonly Pick<PackageAccess, "repository" | "holds">[],
): void {
  const mixed = artifacts.flatMap((artifact) => {
    const { holds = [] } = packages.find(({ repository }) => repository === artifact.ociRepository) ?? {};
    const other = holds.find(({ kind }) => kind !== artifact.kind);
    return other === undefined ? [] : [{ ...artifact, other }];
  });
  if (mixed.length === 0) {
    return;
  }
  const reasons = mixed.map(
    ({ kind, name, ociRepository, other }) =>
      `${name} is ${named[kind]} and would go to ${ociRepository}, which holds another kind: ${ociRepository}:${other.tag} is ${named[other.kind]}`,
  );
  const fixes = mixed.map(({ kind, name, ociRepository, other }) => {
    const own = kind === "chart" ? `${ociRepository.slice(0, ociRepository.lastIndexOf("/"))}/charts/${name}` : "";
    const example = kind === "chart" ? `, for example \`repository: ${own}\`` : "";
    return `Give the ${kind} ${name} a repository of its own${example}. If ${ociRepository}:${other.tag} was pushed there by mistake, have the package's owner delete it.`;
  });
  throw new ReleaseError({
    code: "CONFIGURATION",
    step: "checking what the repositories hold",
    reason: reasons.join("\n"),
    meaning:
      "An image and a chart in one repository share its tags: at the same version, one would overwrite the other. Nothing was built, and nothing was pushed.",
    fix: fixes.join("\n"),
    rerun: "yes, nothing has happened; it will fail here until this is fixed",
  });
}
