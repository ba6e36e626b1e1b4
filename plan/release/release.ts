import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { tagName } from "../../formats/release/tag-pattern.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { PublishedUnit, UnitQuestion, UnreadableRepository } from "../../observe/published/unit.ts";
import type { HashedAsset } from "../../observe/source/assets.ts";
import { adoptedArtifact, decide } from "../artifact/adoption.ts";
import { buildInputsOf, planArtifact, versionTag } from "../artifact/artifact-plan.ts";
import type { ArtifactPlan } from "../artifact/artifact-plan.ts";
import { promisedAttestations } from "../artifact/promised-attestations.ts";
import { refuseBurnt } from "./burnt.ts";
import { refuseForeign } from "./foreign.ts";
import { notes } from "./notes.ts";
import type { ProjectPlan, UnitPlan } from "./project.ts";
import { recordedPolicy, signingOf } from "./signing.ts";

/**
 * An asset of the Release that is known before the run: a file of the workspace, or what is packed from it. Others are made by the run's
 * artifacts (ArtifactFace).
 */
export interface AssetPlan {
  name: string;
  /**
   * `path` is relative to the folder of Pulumi.yaml, `sha256` hex, `size` in bytes. `packs` says how the file is packed from `path`; left out
   * for one that is there.
   */
  from: { path: string; sha256: string; size: number; packs?: "chart" };
  /** False for a file without a bundle in a unit that is signed: checksums.txt vouches for it. Left out for every other. */
  signed?: false;
}

/** Everything that one GitHub Release promises. */
export interface ReleasePlan {
  unit: string;
  version: string;
  /** Where the version came from. */
  from: string;
  /** `app@1.2.3`: part of every resource's name. */
  unitVersion: string;
  provisional: boolean;
  prerelease: boolean;
  /** May become GitHub's "Latest". */
  latest: boolean;
  /** `owner/name`. */
  repository: string;
  /** Full commit id. */
  revision: string;
  gitTag: string;
  tagPattern: string;
  title: string;
  /** Markdown with places for digests. */
  notes: string;
  artifacts: ArtifactPlan[];
  assets: AssetPlan[];
  signing: SigningPolicy;
  /** What the record says of it: for a version that is published, what was said then. */
  recordedSigning: SigningPolicy;
  /** Which Sigstore: paths relative to the folder of Pulumi.yaml; without them the public one. */
  sigstore: { trustedRoot?: string; signingConfig?: string };
  /** Whether provenance is also posted to GitHub's attestations API; nothing is posted for a unit that is not signed. */
  githubAttestations: "auto" | "off";
  /** Host of the registry whose packages GitHub's API knows. */
  packageRegistry: string;
  /** Address of the repository for people. */
  source: string;
  /** Things that are left out, said in the summary. */
  leftOut: string[];
  /** Repositories of which this login may not read what is there, with the registry's refusal. */
  unreadable: readonly UnreadableRepository[];
  /** True where every version tag, the git tag and the published Release are there already. */
  published: boolean;
}

/**
 * What to look for in the world before a unit can be planned.
 * @param sourceHashes of each artifact, by name
 */
export function questionOf(
  project: ProjectPlan,
  unit: UnitPlan,
  sourceHashes: Readonly<Record<string, string>>,
): UnitQuestion {
  return {
    repository: project.repository,
    tag: tagName(unit.tagPattern, unit.version.version),
    artifacts: unit.spec.artifacts.map((artifact) => ({
      name: artifact.name,
      ociRepository: artifact.ociRepository,
      tag: versionTag(artifact, unit.version.version, unit.spec.tags.prefix),
      provenance: {
        revision: project.revision,
        buildInputs: buildInputsOf(artifact, sourceHashes[artifact.name] ?? ""),
      },
    })),
    signing: signingOf(unit.spec.signing, unit.version.version, project.repository),
    sigstore: sigstoreOf(project),
  };
}

/** What the plan of one Release is made from. */
export interface ReleaseQuestion {
  project: ProjectPlan;
  unit: UnitPlan;
  published: PublishedUnit;
  assets: readonly HashedAsset[];
  /** Of each artifact, by name. */
  sourceHashes: Readonly<Record<string, string>>;
  /** GitHub's address for people. */
  web: string;
  /** What the stack's last successful run said of this unit; undefined if there was none. */
  before: UnitOutputs | undefined;
}

/**
 * The plan of one Release.
 * @throws ReleaseError if something published stands against it, with both sides named (adoption.ts, foreign.ts, burnt.ts)
 */
export function planRelease(question: ReleaseQuestion): ReleasePlan {
  const { project, unit, published, web } = question;
  const { version } = unit.version;
  const unitVersion = `${unit.name}@${version}`;
  const gitTag = tagName(unit.tagPattern, version);
  const signing = signingOf(unit.spec.signing, version, project.repository);
  const assets = planAssets(question);
  const assetNames = assets.map(({ name }) => name);
  refuseForeign(project, unitVersion, gitTag, published);
  refuseBurnt(unitVersion, published, assets, signing !== "off");
  const artifacts = planArtifacts(question, unitVersion, signing);
  return {
    unit: unit.name,
    version,
    from: unit.version.from,
    unitVersion,
    provisional: unit.version.provisional,
    prerelease: version.includes("-"),
    latest: unit.latest && !version.includes("-"),
    repository: project.repository,
    revision: project.revision,
    gitTag,
    tagPattern: unit.tagPattern,
    title: unit.latest ? gitTag : `${unit.name} ${version}`,
    notes: notes({
      text: unit.text,
      artifacts: artifacts.map((artifact) => ({ ...artifact, sbom: artifact.sbom !== undefined })),
      assets: assetNames,
      revision: project.revision,
      repository: project.repository,
      signing,
      trustedRoot: project.sigstore.trustedRoot,
    }),
    artifacts,
    assets,
    signing,
    recordedSigning: recordedPolicy(signing, published.release?.owner === unitVersion ? published.release : undefined),
    sigstore: sigstoreOf(project),
    githubAttestations: project.githubAttestations,
    packageRegistry: project.packages.registry,
    source: `${web}/${project.repository}`,
    leftOut: leftOut(unit),
    unreadable: published.unreadable ?? [],
    published:
      published.release?.owner === unitVersion &&
      published.gitTagCommit !== undefined &&
      artifacts.every(({ name }) => published.artifacts[name] !== undefined),
  };
}

function planArtifacts(
  { project, unit, published, sourceHashes, web, before }: ReleaseQuestion,
  unitVersion: string,
  signing: SigningPolicy,
): ArtifactPlan[] {
  const { revision, workspace } = project;
  const same = before?.version === unit.version.version && before.revision === revision ? before : undefined;
  return unit.spec.artifacts.map((artifact, at) => {
    const { name, ociRepository } = artifact;
    const sbom = unit.files.artifacts[at]?.sbom;
    const sourceHash = sourceHashes[name] ?? "";
    const common = {
      name,
      ociRepository,
      tag: versionTag(artifact, unit.version.version, unit.spec.tags.prefix),
      buildInputs: buildInputsOf(artifact, sourceHash),
      sourceHash,
    };
    const decision = decide({ ...common, revision, before: same?.artifacts[name], signing }, published, unitVersion);
    const planned = {
      ...common,
      sbom: sbom && { ...sbom, path: workspacePath(workspace, sbom.path) },
      attestations: promisedAttestations({ name, signing, sbom }, published, unitVersion),
      decision,
    };
    const adopted = decision.how === "build" ? undefined : adoptedArtifact(published, name, decision.digest);
    return planArtifact(artifact, planned, {
      version: unit.version.version,
      license: unit.spec.license,
      workspace,
      source: `${web}/${project.repository}`,
      revision,
      commitTime: project.commitTime,
      buildOnPreview: project.buildOnPreview,
      adopted,
    });
  });
}

/** The files of the workspace, and behind them the packages. */
function planAssets({ project: { workspace }, unit, assets }: ReleaseQuestion): AssetPlan[] {
  const packages = unit.files.artifacts.flatMap(({ packed }) => packed ?? []);
  return [
    ...assets.map(({ name, path, sha256, size, signed }) => ({
      name,
      from: { path: workspacePath(workspace, path), sha256, size },
      ...(signed === false ? { signed } : {}),
    })),
    ...packages.map(({ name, path, sha256, size, packs }) => ({
      name,
      from: { path: workspacePath(workspace, path), sha256, size, packs },
    })),
  ];
}

function leftOut({ text, spec }: UnitPlan): string[] {
  return [
    ...(text === undefined ? ["no text of its own in the notes: CHANGELOG.md has no section for this version"] : []),
    ...(spec.license === undefined && spec.artifacts.length > 0
      ? ["no licenses label: `license` is not configured"]
      : []),
  ];
}

/** Which Sigstore signs and is trusted, with paths as the providers take them. */
export function sigstoreOf({ workspace, sigstore }: Pick<ProjectPlan, "workspace" | "sigstore">): {
  trustedRoot?: string;
  signingConfig?: string;
} {
  return Object.fromEntries(
    Object.entries(sigstore).flatMap(([key, path]) =>
      path === undefined ? [] : [[key, workspacePath(workspace, path)]],
    ),
  );
}
