import { isDeepStrictEqual } from "node:util";
import type { UnitOutputs } from "../../formats/release/unit-outputs.ts";
import type { SigningPolicy } from "../../formats/signing/signing-policy.ts";
import { workspacePath } from "../../formats/workspace-path.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import { adoptedArtifact, decide } from "../artifact/adoption.ts";
import { buildInputsOf, planArtifact, versionTag } from "../artifact/artifact-plan.ts";
import type { ArtifactPlan } from "../artifact/artifact-plan.ts";
import { refuseOtherContent } from "../artifact/other-content.ts";
import { promisedAttestations } from "../artifact/promised-attestations.ts";
import type { ProjectPlan, UnitPlan } from "../project/project.ts";

/** What the artifacts of one unit are planned from. */
export interface ArtifactsQuestion {
  /** Its commit is the one that the unit is released from (unit-commit.ts). */
  project: ProjectPlan;
  unit: UnitPlan;
  published: PublishedUnit;
  /** Of each artifact, by name. */
  sourceHashes: Readonly<Record<string, string>>;
  /** `off`, or who must have signed. */
  signing: SigningPolicy;
  /** GitHub's address for people. */
  web: string;
  /** What the stack's last successful run said of this unit; undefined if there was none. */
  before: UnitOutputs | undefined;
  /** Names of the artifacts that are published with the content of the workspace (compareContents). */
  compared: ReadonlySet<string>;
}

/**
 * Compares what is published of a unit with what the workspace has.
 * @param unitVersion `app@1.2.3`
 * @returns names of the artifacts that are published with the same content
 * @throws ReleaseError TAG_CONFLICT that says what differs
 */
export function compareContents(
  { unit, published, signing }: Pick<ArtifactsQuestion, "unit" | "published" | "signing">,
  unitVersion: string,
): ReadonlySet<string> {
  const { artifacts, tags } = unit.spec;
  const same = artifacts.filter((artifact, at) => {
    const tag = versionTag(artifact, unit.version.version, tags.prefix);
    const packed = unit.files.artifacts[at]?.packed;
    return refuseOtherContent({ artifact, tag, packed, signing }, published, unitVersion);
  });
  return new Set(same.map(({ name }) => name));
}

/**
 * The plan of each artifact of a unit.
 * @param unitVersion `app@1.2.3`
 * @throws ReleaseError if something published stands against it (adoption.ts, promised-attestations.ts)
 */
export function planArtifacts(
  { project, unit, published, sourceHashes, signing, web, before, compared }: ArtifactsQuestion,
  unitVersion: string,
): ArtifactPlan[] {
  const { revision, workspace } = project;
  const source = `${web}/${project.repository}`;
  const same = before?.version === unit.version.version && before.revision === revision ? before : undefined;
  return unit.spec.artifacts.map((artifact, at) => {
    const { name, ociRepository } = artifact;
    const { sbom, hubFile } = unit.files.artifacts[at] ?? {};
    const sourceHash = sourceHashes[name] ?? "";
    const common = {
      name,
      ociRepository,
      tag: versionTag(artifact, unit.version.version, unit.spec.tags.prefix),
      buildInputs: buildInputsOf(artifact, sourceHash),
      sourceHash,
    };
    const own = unit.files.artifacts[at]?.packed?.content.source;
    const decision = decide(
      {
        ...common,
        revision,
        before: same?.artifacts[name],
        signing,
        ...(compared.has(name) ? { compared: { source: own ?? source } } : {}),
      },
      published,
      unitVersion,
    );
    const planned = {
      ...common,
      sbom: sbom && { ...sbom, path: workspacePath(workspace, sbom.path) },
      attestations: promisedAttestations({ name, signing, sbom }, published, unitVersion),
      decision,
    };
    const adopted = decision.how === "build" ? undefined : adoptedArtifact(published, name, decision.digest);
    const plan = planArtifact(artifact, planned, {
      version: unit.version.version,
      license: unit.spec.license,
      workspace,
      source,
      revision,
      commitTime: project.commitTime,
      buildOnPreview: project.buildOnPreview,
      hubFile,
      adopted,
      pinned: unit.pinned?.[name],
    });
    return { ...plan, parameters: attestedParameters(plan, revision, published) };
  });
}

/**
 * What provenance says of an artifact's configuration. That of a published one was said when it was published and stays so: what it is made of is
 * compared by its build inputs, and the folder that a chart was in then may have another name now.
 */
function attestedParameters(
  { decision, buildInputs, parameters }: ArtifactPlan,
  revision: string,
  { proofs }: PublishedUnit,
): ArtifactPlan["parameters"] {
  const { verified = [] } = (decision.how === "build" ? undefined : proofs[decision.digest]) ?? {};
  const said = verified
    .filter((proof) => proof.revision === revision && proof.buildInputs === buildInputs)
    .map((proof) => proof.parameters);
  return said.find((one) => isDeepStrictEqual(one, parameters)) ?? said[0] ?? parameters;
}
