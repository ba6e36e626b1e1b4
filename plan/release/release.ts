import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import { tagName } from "../../formats/release/tag-pattern.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { PublishedUnit, UnitQuestion, UnreadableRepository } from "../../observe/published/unit.ts";
import type { HashedAsset } from "../../observe/source/assets.ts";
import { buildInputsOf, versionTag } from "../artifact/artifact-plan.ts";
import type { ArtifactPlan } from "../artifact/artifact-plan.ts";
import { isEdited } from "../artifact/pinned-chart.ts";
import type { Ancestry } from "../published/ancestry.ts";
import { refuseBurnt } from "../published/burnt.ts";
import { refuseForeign } from "../published/foreign.ts";
import { listLeftOut } from "./left-out.ts";
import { planLineages } from "./lineages.ts";
import type { LineagePlan } from "./lineages.ts";
import { notes } from "../notes/notes.ts";
import { compareContents, planArtifacts } from "./planned-artifacts.ts";
import { planAssets } from "./planned-assets.ts";
import type { AssetPlan } from "./planned-assets.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";
import { publishedNotes, recordedRelease } from "../published/recorded-release.ts";
import { recordedPolicy, signingOf } from "./signing.ts";
import { isRecordSigned, mayBeEarlier, unitCommit } from "../published/unit-commit.ts";

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
  /** Full id of the commit that it is released from: that of this run, or the earlier one that published it. */
  revision: string;
  /** Full id of the commit that this run is at. */
  head: string;
  gitTag: string;
  tagPattern: string;
  title: string;
  /** Markdown with places for digests. */
  notes: string;
  artifacts: ArtifactPlan[];
  assets: AssetPlan[];
  /** Charts whose attestation lineage the provider of the Release makes and attaches. Default: none. */
  lineages?: LineagePlan[];
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
  unit: Pick<UnitPlan, "spec" | "tagPattern"> & {
    version: Pick<UnitPlan["version"], "version">;
    files: Pick<UnitPlan["files"], "artifacts">;
  },
  sourceHashes: Readonly<Record<string, string>>,
): UnitQuestion {
  return {
    repository: project.repository,
    tag: tagName(unit.tagPattern, unit.version.version),
    artifacts: unit.spec.artifacts.map((artifact, at) => {
      const packed = unit.files.artifacts[at]?.packed;
      return {
        name: artifact.name,
        ociRepository: artifact.ociRepository,
        tag: versionTag(artifact, unit.version.version, unit.spec.tags.prefix),
        // What is written into a chart may depend on what is found.
        ...(isEdited(artifact)
          ? {}
          : {
              provenance: {
                ...(mayBeEarlier(unit) ? {} : { revision: project.revision }),
                buildInputs: buildInputsOf(artifact, sourceHashes[artifact.name] ?? ""),
              },
              ...(packed === undefined ? {} : { packed: `sha256:${packed.sha256}` }),
            }),
      };
    }),
    signing: signingOf(unit.spec.signing, unit.version.version, project.repository),
    sigstore: sigstoreOf(project),
  };
}

/** What the plan of one Release is made from. */
export interface ReleaseQuestion {
  project: ProjectPlan;
  unit: UnitPlan;
  published: PublishedUnit;
  /** Answers to unitDescents(). Default: no commit is known to be an ancestor of another. */
  ancestry?: Ancestry;
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
  const { unit, web, ancestry = { timeOf: () => undefined } } = question;
  const { version } = unit.version;
  const unitVersion = `${unit.name}@${version}`;
  const gitTag = tagName(unit.tagPattern, version);
  const signing = signingOf(unit.spec.signing, version, question.project.repository);
  const released = { ...question, signing };
  const compared = compareContents(released, unitVersion);
  const project = { ...question.project, ...unitCommit(released, ancestry) };
  const published = withSigned(question.published, isRecordSigned(released, ancestry));
  // Beyond its own commit, the workspace may have other files and other words for it.
  const past = project.revision === question.project.revision ? undefined : recordedRelease(published, unitVersion);
  const assets = planAssets(question, past);
  refuseForeign(project, unit, gitTag, published);
  const lineages = planLineages(unit, unitVersion, published, assets);
  refuseBurnt(unitVersion, published, [...assets, ...lineages], signing !== "off");
  const artifacts = planArtifacts({ ...released, project, published, compared }, unitVersion);
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
    head: question.project.revision,
    gitTag,
    tagPattern: unit.tagPattern,
    title: titleOf(unit, gitTag),
    notes:
      publishedNotes(past) ??
      notes({
        text: unit.text,
        artifacts: artifacts.map((artifact, at) => ({
          ...artifact,
          sbom: artifact.sbom !== undefined,
          installable: unit.files.artifacts[at]?.words?.installable ?? true,
        })),
        version,
        assets: [...assets, ...lineages],
        revision: project.revision,
        repository: project.repository,
        signing,
        trustedRoot: project.sigstore.trustedRoot,
      }),
    artifacts,
    assets,
    lineages,
    signing,
    recordedSigning: recordedPolicy(signing, published.release?.owner === unitVersion ? published.release : undefined),
    sigstore: sigstoreOf(project),
    githubAttestations: project.githubAttestations,
    packageRegistry: project.packages.registry,
    source: `${web}/${project.repository}`,
    leftOut: listLeftOut(unit, gitTag),
    unreadable: published.unreadable ?? [],
    published:
      published.release?.owner === unitVersion &&
      published.gitTagCommit !== undefined &&
      artifacts.every(({ name }) => published.artifacts[name] !== undefined),
  };
}

function withSigned(published: PublishedUnit, signed: boolean): PublishedUnit {
  return published.release === undefined ? published : { ...published, release: { ...published.release, signed } };
}

/** The chart of a chart set is named as charts are; the project's main unit by its tag. */
function titleOf({ name, spec, version: { version }, latest }: UnitPlan, gitTag: string): string {
  if (spec.chart) {
    return `${spec.chart.name}: v${version}`;
  }
  return latest ? gitTag : `${name} ${version}`;
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
