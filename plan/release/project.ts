import { createHash } from "node:crypto";
import type { Mistake } from "../../errors/configuration-error.ts";
import { configurationError } from "../../errors/configuration-error.ts";
import { defaultTagPattern, tagName } from "../../formats/release/tag-pattern.ts";
import type { UnitFiles } from "../../observe/source/files.ts";
import type { ObservedWorkTree } from "../../observe/source/workspace/work-tree.ts";
import type { Image } from "../../config/artifact/image.ts";
import type { ReadSpec } from "../../config/release/read-spec.ts";
import type { ReleaseSpec } from "../../config/release/release-spec.ts";
import type { Unit } from "../../config/release/unit.ts";
import { changelogSection } from "./changelog.ts";
import { warnOfPullRequests } from "./pull-request-refs.ts";
import { planVersion } from "./version.ts";
import type { VersionPlan } from "./version.ts";

/** A unit that is going to be released, before anybody has looked at what is published. */
export interface UnitPlan {
  name: string;
  spec: Unit;
  version: VersionPlan;
  /** `v{version}`. */
  tagPattern: string;
  files: UnitFiles;
  /** The text of the notes that comes from the workspace; undefined where there is none. */
  text: string | undefined;
  /** True for the unit whose stable Releases become GitHub's "Latest": the first one. */
  latest: boolean;
}

/** What the configuration and the work tree ask for. */
export interface ProjectPlan {
  /** `owner/name`. */
  repository: string;
  workspace: string;
  /** Which Sigstore; paths relative to the workspace. */
  sigstore: ReleaseSpec["sigstore"];
  /** Where GitHub keeps container packages. */
  packages: ReleaseSpec["packages"];
  /** Whether provenance is posted to GitHub's attestations API too. */
  githubAttestations: ReleaseSpec["githubAttestations"];
  /** Full commit id. */
  revision: string;
  /** Seconds since 1970. */
  commitTime: number;
  units: UnitPlan[];
  /** Units that this run does not release, and why. */
  skipped: { unit: string; why: string }[];
  /** What is not as it should be but stops no preview. */
  warnings: string[];
  /** False in a preview of a dirty work tree: what would be built is not what a release would build. */
  buildOnPreview: boolean;
}

/** How the run was started. */
export interface RunKind {
  /** True in `pulumi preview`, and in the preview that `pulumi up` makes first. */
  preview: boolean;
  /** The tag that the run was started for; undefined where it was started for something else. */
  startedFor: string | undefined;
}

/**
 * Joins configuration, work tree and files to a plan.
 * @throws ReleaseError CONFIGURATION with every mistake of all three
 */
export function planProject(
  read: ReadSpec,
  tree: ObservedWorkTree,
  files: { units: UnitFiles[]; mistakes: Mistake[] },
  run: RunKind,
): ProjectPlan {
  const { spec, outline, pathOf } = read;
  const { workTree } = tree;
  const mistakes = [...read.mistakes, ...tree.mistakes, ...files.mistakes];
  const warnings: string[] = [];

  const dirty = workTree !== undefined && workTree.changed.length > 0;
  if (dirty && run.preview) {
    warnings.push(
      `The work tree has changes that are not committed (${workTree.changed.join(", ")}): \`up\` will refuse it, and nothing is built now.`,
    );
  } else if (dirty) {
    mistakes.push({
      path: "git work tree",
      value: workTree.changed,
      reason: "has changes that are not committed, so the release would not be what its commit says",
      example: "`git stash`, or a commit; files that are made by a build belong into .gitignore",
    });
  }

  const versions = outline.units.map((unit, index) => {
    const checked = spec?.units[index];
    return planVersion({
      configured: unit.version,
      tagPattern: checked?.tags.git ?? unit.tags?.git ?? defaultTagPattern(outline.units.length, unit.name),
      startedFor: run.startedFor,
      tagsAtHead: workTree?.tags ?? [],
      accepts: spec?.lane.accepts ?? "any",
      preview: run.preview,
      commit: workTree?.commit ?? "",
      path: pathOf(["units", index, "version"]),
    });
  });
  mistakes.push(...versions.flatMap((answer) => answer.mistakes));
  if (spec === undefined || workTree === undefined || mistakes.length > 0) {
    throw configurationError(mistakes);
  }

  warnings.push(...warnOfPullRequests(spec.units, pathOf));
  // One unit of several is released by its own tag: in a preview as well, the others then have no part in the run.
  const named = versions.map(({ plan }) => plan).filter((plan) => plan && !plan.provisional).length;
  const skipped: ProjectPlan["skipped"] = [];
  const units = namedUnits(spec).flatMap(({ name, tagPattern, unit }, index): UnitPlan[] => {
    const version = versions[index]?.plan;
    const unitFiles = files.units[index];
    if (version === undefined || unitFiles === undefined || (version.provisional && named > 0)) {
      skipped.push({ unit: name, why: `no version: no tag of the form \`${tagPattern}\` is at HEAD` });
      return [];
    }
    const text =
      unitFiles.notes ??
      (unitFiles.changelog === undefined ? undefined : changelogSection(unitFiles.changelog, version.version));
    if (text === undefined && unit.notes !== undefined && !version.provisional) {
      mistakes.push({
        path: pathOf(["units", index, "notes", "changelog"]),
        value: unit.notes.changelog,
        reason: `has no section for ${version.version}`,
        example: `a heading \`## ${version.version}\``,
      });
    }
    if ((text?.length ?? 0) > longestText) {
      mistakes.push(tooLong(unit, (key) => pathOf(["units", index, "notes", key])));
    }
    return [{ name, spec: unit, version, tagPattern, files: unitFiles, text, latest: index === 0 }];
  });
  if (units.length === 0) {
    const [first] = spec.units;
    mistakes.push(
      noVersion(
        skipped,
        first?.tags.git ?? defaultTagPattern(spec.units.length, first?.name),
        pathOf(["units", 0, "version"]),
      ),
    );
  }
  if (mistakes.length > 0) {
    throw configurationError(mistakes);
  }

  return {
    repository: spec.repository,
    workspace: spec.workspace,
    sigstore: spec.sigstore,
    packages: spec.packages,
    githubAttestations: spec.githubAttestations,
    revision: workTree.commit,
    commitTime: workTree.commitTime,
    units,
    skipped,
    warnings,
    buildOnPreview: !dirty,
  };
}

/** The name of an image: given, or the last part of its repository. */
export function imageName(image: Image): string {
  return image.name ?? image.repository.slice(image.repository.lastIndexOf("/") + 1);
}

/** sha256 of what the configuration says of a build: with the commit it decides what comes out. */
export function buildInputs({ context, dockerfile, target, platforms, buildArgs }: Image): string {
  const said = [
    context,
    dockerfile ?? null,
    target ?? null,
    platforms.toSorted(),
    Object.entries(buildArgs).toSorted(),
  ];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

/** A unit of a configuration with the name and the tag pattern that it has in a release. */
export interface NamedUnit {
  name: string;
  /** `v{version}`. */
  tagPattern: string;
  unit: Unit;
}

/** The units of a configuration, in its order. */
export function namedUnits({ repository, units }: ReleaseSpec): NamedUnit[] {
  return units.map((unit) => {
    const name = unit.name ?? defaultName(repository);
    return { name, tagPattern: unit.tags.git ?? defaultTagPattern(units.length, name), unit };
  });
}

function defaultName(repository: string): string {
  const name = repository.slice(repository.indexOf("/") + 1).toLowerCase();
  return name.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}

/** Characters. GitHub takes 125,000; the rest is for what Lockstep adds. */
const longestText = 110_000;

function tooLong({ notes }: Unit, at: (key: string) => string): Mistake {
  const most = `more than ${longestText} characters, and GitHub takes no longer notes`;
  const example = "a shorter text with a link to the long one";
  if (notes?.file !== undefined) {
    return { path: at("file"), value: notes.file, reason: `has ${most}`, example };
  }
  const reason = `the version's section has ${most}`;
  if (notes === undefined) {
    return { path: "CHANGELOG.md", reason, example };
  }
  return { path: at("changelog"), value: notes.changelog, reason, example };
}

function noVersion(skipped: ProjectPlan["skipped"], pattern: string, path: string): Mistake {
  return {
    path,
    reason:
      skipped.length === 1
        ? (skipped[0]?.why ?? "")
        : `no unit has one: ${skipped.map(({ unit, why }) => `${unit} (${why})`).join(", ")}`,
    example: `\`git tag ${tagName(pattern, "1.2.3")}\` on the commit, or \`${path}: 1.2.3\` in the configuration`,
  };
}
