import { labels } from "../../formats/artifact/labels.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { tagName } from "../../formats/release/tag-pattern.ts";
import type { HashedAsset } from "../../observe/source/files.ts";
import type { SbomFile } from "../../observe/source/artifact/sbom.ts";
import type { BuildSource } from "../../observe/source/artifact/source-hash.ts";
import type { PublishedUnit, UnitQuestion, UnreadableRepository } from "../../observe/published/unit.ts";
import type { Image } from "../../config/artifact/image.ts";
import { decide } from "../artifact/adoption.ts";
import type { Decision } from "../artifact/adoption.ts";
import { refuseBurnt } from "./burnt.ts";
import { refuseForeign } from "./foreign.ts";
import { notes } from "./notes.ts";
import { buildInputs, imageName } from "./project.ts";
import type { ProjectPlan, UnitPlan } from "./project.ts";
import { promisedAttestations } from "../artifact/promised-attestations.ts";
import { recordedPolicy, signingOf } from "./signing.ts";

/** What every kind of artifact has: name, place and version tag. What else there is, its own kind knows. */
export interface ArtifactPlan {
  /** Which kind makes it: "image". */
  kind: string;
  name: string;
  /** With its registry, without a tag. */
  repository: string;
  /** The version tag: written last, never moved. */
  tag: string;
  /** sha256 of what the configuration says of the build. */
  buildInputs: string;
  /** sha256 of the files that it is made of on this machine; empty where it is made of none. */
  sourceHash: string;
  /** What provenance says of the build beside commit and build inputs: the configuration's own words. */
  parameters: Readonly<Record<string, unknown>>;
  /** The SBOM that is attested beside the provenance, its path relative to the folder of Pulumi.yaml; undefined for none. */
  sbom: SbomFile | undefined;
  /** Predicate types that the record promises; undefined where it says nothing: unsigned, or published before they were recorded. */
  attestations: readonly string[] | undefined;
  decision: Decision;
}

/** A container image. */
export interface ImagePlan extends ArtifactPlan {
  kind: "image";
  /** Manifests below an index that is there already; empty for what is going to be built. */
  children: readonly { platform: string; digest: string }[];
  /** Paths are relative to the folder of Pulumi.yaml. */
  context: string;
  dockerfile: string;
  target: string | undefined;
  platforms: readonly string[];
  buildArgs: Readonly<Record<string, string>>;
  /** Labels of each platform's image and annotations of the index. */
  labels: Readonly<Record<string, string>>;
  /** Seconds since 1970: the time of every file in the image. */
  sourceDateEpoch: number;
  buildOnPreview: boolean;
}

/** Everything that one GitHub Release promises. */
export interface ReleasePlan {
  unit: string;
  version: string;
  /** Where the version came from. */
  from: string;
  /** `app@1.2.3`: part of every resource's name. */
  owner: string;
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
  /** Files to attach; `path` is relative to the folder of Pulumi.yaml. */
  assets: HashedAsset[];
  signing: SigningPolicy;
  /** What the record says of it: for a version that is published, what was said then. */
  recordedSigning: SigningPolicy;
  /** Which Sigstore: paths relative to the folder of Pulumi.yaml; without them the public one. */
  sigstore: { trustedRoot?: string; signingConfig?: string };
  /** Whether provenance is posted to GitHub's attestations API too; nothing is, for a unit that is not signed. */
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

/** What this stack's last successful run said of a unit. */
export interface OwnOutputs {
  version: string;
  revision: string;
  artifacts: Record<string, { digest: string; how: string; sourceHash: string }>;
}

/** What to look for in the world before a unit can be planned. */
export function questionOf(project: ProjectPlan, unit: UnitPlan): UnitQuestion {
  return {
    repository: project.repository,
    tag: tagName(unit.tagPattern, unit.version.version),
    artifacts: unit.spec.images.map((image) => ({
      name: imageName(image),
      repository: image.repository,
      tag: versionTag(unit),
      provenance: { revision: project.revision, buildInputs: buildInputs(image) },
    })),
    signing: signingOf(unit.spec.signing, unit.version.version, project.repository),
    sigstore: sigstoreOf(project),
  };
}

/**
 * The plan of one Release.
 * @param sourceHashes of each image, by name
 * @param web GitHub's address for people
 * @param before what the stack's last successful run said of this unit
 * @throws ReleaseError where something published stands against it, with both sides named (adoption.ts, foreign.ts, burnt.ts)
 */
export function planRelease(
  project: ProjectPlan,
  unit: UnitPlan,
  published: PublishedUnit,
  assets: readonly HashedAsset[],
  sourceHashes: Readonly<Record<string, string>>,
  web: string,
  before: OwnOutputs | undefined,
): ReleasePlan {
  const { version } = unit.version;
  const owner = `${unit.name}@${version}`;
  const gitTag = tagName(unit.tagPattern, version);
  const signing = signingOf(unit.spec.signing, version, project.repository);
  refuseForeign(project, owner, gitTag, published);
  refuseBurnt(
    owner,
    published,
    assets.map(({ name }) => name),
    signing !== "off",
  );
  const same = before?.version === version && before.revision === project.revision ? before : undefined;
  const artifacts = unit.spec.images.map((image, at): ImagePlan => {
    const name = imageName(image);
    const sbom = unit.files.sboms[at];
    const common = {
      name,
      repository: image.repository,
      tag: versionTag(unit),
      buildInputs: buildInputs(image),
      sourceHash: sourceHashes[name] ?? "",
    };
    const question = {
      ...common,
      revision: project.revision,
      before: same?.artifacts[name],
      signing,
    };
    const decision = decide(question, published, owner);
    const { context, dockerfile = null, target = null, platforms, buildArgs } = image;
    return {
      kind: "image",
      ...common,
      parameters: { context, dockerfile, target, platforms, buildArgs },
      sbom: sbom && { ...sbom, path: below(project.workspace, sbom.path) },
      attestations: promisedAttestations({ name, signing, sbom }, published, owner),
      children: decision.how === "build" ? [] : (published.artifacts[name]?.children ?? []),
      decision,
      ...imageBuild(project, unit, image, web),
    };
  });
  return {
    unit: unit.name,
    version,
    from: unit.version.from,
    owner,
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
      assets: assets.map(({ name }) => name),
      revision: project.revision,
      repository: project.repository,
      signing,
      trustedRoot: project.sigstore.trustedRoot,
    }),
    artifacts,
    assets: assets.map((asset) => ({ ...asset, path: below(project.workspace, asset.path) })),
    signing,
    recordedSigning: recordedPolicy(signing, published.release?.owner === owner ? published.release : undefined),
    sigstore: sigstoreOf(project),
    githubAttestations: project.githubAttestations,
    packageRegistry: project.packages.registry,
    source: `${web}/${project.repository}`,
    leftOut: [
      ...(unit.text === undefined
        ? ["no text of its own in the notes: CHANGELOG.md has no section for this version"]
        : []),
      ...(unit.spec.license === undefined && artifacts.length > 0
        ? ["no licenses label: `license` is not configured"]
        : []),
    ],
    unreadable: published.unreadable ?? [],
    published:
      published.release?.owner === owner &&
      published.gitTagCommit !== undefined &&
      artifacts.every(({ name }) => published.artifacts[name] !== undefined),
  };
}

/** Which Sigstore signs and is trusted, with paths as the providers take them. */
export function sigstoreOf({ workspace, sigstore }: Pick<ProjectPlan, "workspace" | "sigstore">): {
  trustedRoot?: string;
  signingConfig?: string;
} {
  return Object.fromEntries(
    Object.entries(sigstore).flatMap(([key, path]) => (path === undefined ? [] : [[key, below(workspace, path)]])),
  );
}

/** Where the images of a unit are built from, by name. */
export function buildSources(project: ProjectPlan, unit: UnitPlan): Record<string, BuildSource> {
  return Object.fromEntries(unit.spec.images.map((image) => [imageName(image), sourceOf(project, image)]));
}

function sourceOf(project: ProjectPlan, { context, dockerfile }: Image): BuildSource {
  return {
    context: below(project.workspace, context),
    dockerfile: below(project.workspace, dockerfile ?? `${context}/Dockerfile`),
  };
}

function imageBuild(project: ProjectPlan, unit: UnitPlan, image: Image, web: string) {
  const { target, platforms, buildArgs } = image;
  const created = new Date(project.commitTime * 1000).toISOString().replace(".000Z", "Z");
  return {
    ...sourceOf(project, image),
    target,
    platforms,
    buildArgs,
    labels: labels({
      version: unit.version.version,
      revision: project.revision,
      source: `${web}/${project.repository}`,
      created,
      licenses: unit.spec.license,
      buildInputs: buildInputs(image),
    }),
    sourceDateEpoch: project.commitTime,
    buildOnPreview: project.buildOnPreview,
  };
}

function versionTag(unit: UnitPlan): string {
  return `${unit.spec.tags.prefix}${unit.version.version}`;
}

/** Joined without `./`: the same text on every machine, because it stands in the state. */
function below(workspace: string, path: string): string {
  const parts = [...workspace.split("/"), ...path.split("/")].filter((part) => part !== "." && part !== "");
  return parts.join("/") || ".";
}
