import { findGitTag, repositoryOf } from "../../../clients/github/git-refs.ts";
import type { Repository } from "../../../clients/github/git-refs.ts";
import { listAssets, findPublishedRelease } from "../../../clients/github/release/releases.ts";
import { registryOf } from "../../../formats/artifact/oci-names.ts";
import type { ReleaseRecord } from "../../../formats/release/release-record.ts";
import { inspectArtifact } from "./artifact-findings.ts";
import { inspectChart } from "./chart-findings.ts";
import { compareWithConfiguration } from "./configured-findings.ts";
import type { ConfiguredRelease } from "./configured-findings.ts";
import { compareHashes, findStrangeFiles, verifyFiles } from "./file-findings.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { inspectLineage } from "./lineage-findings.ts";
import { inspectMarks, inspectNotes } from "./notes-findings.ts";
import { inspectRecord } from "./record-findings.ts";
import type { RecordQuestion } from "./record-findings.ts";

/** The Release to inspect, and the promises that it must keep. */
export interface InspectionQuestion extends RecordQuestion, ConfiguredRelease {
  /** `owner/name`. */
  repository: string;
  /** Registries that may be asked, in lower case: a record must not choose which hosts this machine contacts. */
  registries: readonly string[];
}

/**
 * Checks one published Release from the outside, and compares each of its promises with what anyone can download: first its record,
 * then the configuration, notes, assets by the sha256 of their bytes, version tags, git tag, signatures and provenance. Reads only;
 * trusts neither a state nor a label, and asks no registry that the configuration does not name.
 * @returns the findings; without a trustworthy record, only its mistakes and the findings that need no record
 * @throws ReleaseError or ServerRefusal if something could not be checked: that is not a finding
 */
export async function inspect(question: InspectionQuestion): Promise<Finding[]> {
  const { unit, version, tag, signing, sigstore, registries } = question;
  const repository = repositoryOf(question.repository);
  const published = await findPublishedRelease(repository, tag);
  if (published === undefined) {
    return [makeFinding(`the Release ${tag} is public`, undefined)];
  }
  const files = { repository, assets: await listAssets(repository, published.id) };
  const body = published.body ?? "";
  const { findings, record } = await inspectRecord(files, question);
  const marks = inspectMarks(body, `${unit}@${version}`);
  if (record === undefined) {
    return [...findings, marks];
  }

  const groups = await Promise.all([
    [
      ...findings,
      ...compareWithConfiguration(record, question),
      marks,
      ...inspectNotes(body, record, question.repository),
    ],
    inspectGitTag(repository, tag, record),
    findStrangeFiles(files, record),
    compareHashes(files, record),
    ...Object.values(record.artifacts).map((artifact) =>
      registries.includes(registryOf(artifact.repository))
        ? inspectArtifact(artifact, record, signing, sigstore)
        : [reportStrangeRegistry(artifact.repository)],
    ),
    ...Object.values(record.artifacts)
      .filter(({ kind, repository: image }) => kind === "chart" && registries.includes(registryOf(image)))
      .map((chart) => inspectChart(chart, record)),
    ...Object.values(record.artifacts)
      .filter(({ kind }) => kind === "chart")
      .map((chart) => inspectLineage(files, chart, record)),
    signing === "off" ? [] : verifyFiles(files, record, signing, sigstore),
  ]);
  return groups.flat();
}

function reportStrangeRegistry(repository: string): Finding {
  const registry = registryOf(repository);
  const found = `${registry}, which was not asked; \`--also ${registry}\` allows it`;
  return makeFinding(`${repository} is in a registry of the configuration`, false, found);
}

async function inspectGitTag(repository: Repository, tag: string, { revision }: ReleaseRecord): Promise<Finding[]> {
  const commit = (await findGitTag(repository, tag))?.commit;
  return [makeFinding(`the git tag ${tag} is at the recorded commit`, commit === revision, commit)];
}
