import { parse, satisfies } from "semver";
import type { Mistake } from "../../errors/configuration-error.ts";
import { versionIn } from "../../formats/release/tag-pattern.ts";

/** The version of one unit, and where it came from. */
export interface VersionPlan {
  version: string;
  from: "Chart.yaml" | "configuration" | "the tag of this run" | "the tag at HEAD" | "nothing: provisional";
  /** True in a preview that has no version: nothing with this version is ever published. */
  provisional: boolean;
}

/** What a version is decided from. */
export interface VersionQuestion {
  /** `version` of the unit in the configuration, or of its chart. */
  configured: string | undefined;
  /** True for the chart of a chart set: its version is in Chart.yaml, and nowhere else. Default false. */
  inChart?: boolean;
  /** The unit's tag pattern: `v{version}`. */
  tagPattern: string;
  /** The tag that the run was started for. */
  startedFor: string | undefined;
  /** All tags exactly at HEAD. */
  tagsAtHead: readonly string[];
  /** `accepts` of the lane. */
  accepts: string;
  preview: boolean;
  /** Full id of HEAD; names the provisional version. */
  commit: string;
  /** Where mistakes about the configured version are. */
  path: string;
}

/** The answer: a version, or mistakes, or neither, where nothing asks for a release of this unit. */
export interface VersionAnswer {
  plan: VersionPlan | undefined;
  mistakes: Mistake[];
}

/**
 * Decides the version of a unit: the configuration, else the tag that the run was started for, else a tag of the unit exactly at HEAD.
 * A preview without any of them gets a provisional version; anything else gets none. The version of a chart set's chart is in Chart.yaml.
 */
export function planVersion(question: VersionQuestion): VersionAnswer {
  if (question.inChart) {
    return planChartVersion(question);
  }
  const found = candidate(question);
  if (Array.isArray(found)) {
    return { plan: undefined, mistakes: found };
  }
  if (found === undefined) {
    const version = `0.0.0-preview.g${question.commit.slice(0, 7)}`;
    return {
      plan: question.preview ? { version, from: "nothing: provisional", provisional: true } : undefined,
      mistakes: [],
    };
  }
  const mistakes = versionMistakes(found.version, question.accepts, found.path);
  return {
    plan: mistakes.length === 0 ? { version: found.version, from: found.from, provisional: false } : undefined,
    mistakes,
  };
}

/** A chart's version is not decided again by a tag: a run that was started for another version of it is a mistake. */
function planChartVersion({
  configured: version,
  tagPattern,
  startedFor,
  accepts,
  path,
}: VersionQuestion): VersionAnswer {
  if (version === undefined) {
    // Chart.yaml cannot be read: that is a mistake of its own.
    return { plan: undefined, mistakes: [] };
  }
  const started = startedFor === undefined ? undefined : versionIn(tagPattern, startedFor);
  const mistakes =
    started === undefined || started === version
      ? versionMistakes(version, accepts, path, true)
      : [
          {
            path,
            value: version,
            reason: `is not the version of the tag ${startedFor} that this run was started for`,
            example: `\`version: ${started}\`, or a run of the branch: it makes the tag`,
          },
        ];
  return { plan: mistakes.length === 0 ? { version, from: "Chart.yaml", provisional: false } : undefined, mistakes };
}

/**
 * What is wrong with a version for a lane.
 * @param path where the version comes from, for the message
 * @param allowsBuild whether it may have build metadata (`1.2.3+5`). Default no
 */
export function versionMistakes(version: string, accepts: string, path: string, allowsBuild = false): Mistake[] {
  const parsed = parse(version);
  // parse() also takes a leading `v` and spaces around, which would then stand in every tag.
  if (!parsed || !/^\d\S*$/.test(version)) {
    return [
      { path, value: version, reason: "is not a semantic version (semver.org)", example: "`1.2.3` or `1.2.3-rc.1`" },
    ];
  }
  const mistakes: Mistake[] = [];
  if (parsed.build.length > 0 && !allowsBuild) {
    const reason = "has build metadata, which an OCI tag cannot hold";
    mistakes.push({ path, value: version, reason, example: `\`${parsed.version}\`` });
  }
  const prerelease = parsed.prerelease.length > 0;
  if (accepts === "stable" && prerelease) {
    const reason = "is a pre-release, and this lane accepts stable versions only";
    mistakes.push({
      path,
      value: version,
      reason,
      example: `\`${parsed.major}.${parsed.minor}.${parsed.patch}\`, or a lane with \`accepts: prerelease\``,
    });
  } else if (accepts === "prerelease" && !prerelease) {
    const reason = "is a stable version, and this lane accepts pre-releases only";
    mistakes.push({ path, value: version, reason, example: `\`${parsed.version}-rc.1\`` });
  } else if (!["stable", "prerelease", "any"].includes(accepts) && !satisfies(parsed.version, accepts)) {
    mistakes.push({
      path,
      value: version,
      reason: `is outside of this lane's range \`${accepts}\``,
      example: `a version within \`${accepts}\``,
    });
  }
  return mistakes;
}

function candidate(
  question: VersionQuestion,
): { version: string; from: VersionPlan["from"]; path: string } | undefined | Mistake[] {
  const { configured, tagPattern, startedFor, tagsAtHead } = question;
  if (configured !== undefined) {
    return { version: configured, from: "configuration", path: question.path };
  }
  const started = startedFor === undefined ? undefined : versionIn(tagPattern, startedFor);
  if (started !== undefined) {
    return { version: started, from: "the tag of this run", path: `git tag ${startedFor}` };
  }
  const here = tagsAtHead.flatMap((tag) => {
    const version = versionIn(tagPattern, tag);
    return version === undefined ? [] : [{ tag, version }];
  });
  const [first, second] = here;
  if (first && second) {
    return [
      {
        path: "git tags at HEAD",
        value: here.map(({ tag }) => tag),
        reason: `are ${here.length} versions of the same unit, and nothing says which to release`,
        example: `\`${question.path}: ${first.version}\` in the configuration`,
      },
    ];
  }
  return first && { version: first.version, from: "the tag at HEAD", path: `git tag ${first.tag}` };
}
