import { isDeepStrictEqual } from "node:util";
import { minimatch } from "minimatch";
import type { RecordedPolicy, ReleaseRecord } from "../../../formats/release/release-record.ts";
import type { SigningPolicy } from "../../../formats/signing/signing-policy.ts";
import { makeFinding } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** The content of a Release according to the configuration. */
export interface ConfiguredContent {
  /** By name: repository with its registry, and version tag. */
  artifacts: Readonly<Record<string, { repository: string; tag: string }>>;
  /**
   * The names that its files may have, each as a pattern: a name, or the last part of a glob. Only the workspace shows which folders a
   * glob matches.
   */
  assets: readonly string[];
  /** Names of files that it attaches without a bundle if they are there: the documents of a chart. Default none. */
  documents?: readonly string[];
}

/** The configuration that a record is compared with. */
export interface ConfiguredRelease {
  content: ConfiguredContent;
  /** What the unit requires of its artifacts now. */
  signing: SigningPolicy;
  /**
   * Whether the version must match the present configuration. False for an older one, which an earlier configuration published:
   * differences are then reported, but break no promise.
   */
  current: boolean;
}

/**
 * Compares a record with the configuration: it must have every artifact and file of the configuration, and ask for the same
 * signatures. Only this reveals a record that was emptied. Additional content of the record is reported.
 */
export function compareWithConfiguration(
  record: ReleaseRecord,
  { content, signing, current }: ConfiguredRelease,
): Finding[] {
  const otherwise = current ? "broken" : "differs";
  const recorded = new Map(
    Object.entries(record.artifacts).map(([name, { repository, tag }]) => [name, `${repository}:${tag}`]),
  );
  const files = Object.keys(record.assets);
  const { documents = [] } = content;
  const exempt = (record.unsigned ?? []).filter((name) => !documents.includes(name));
  return [
    comparePolicy(record.policy.signing, signing, otherwise),
    ...Object.entries(content.artifacts).map(([name, { repository, tag }]) => {
      const found = recorded.get(name);
      return makeFinding(
        `the record has ${name} as ${repository}:${tag}`,
        found === `${repository}:${tag}`,
        found,
        otherwise,
      );
    }),
    ...content.assets.map((pattern) => {
      const found = files.filter((name) => matchesPattern(name, pattern));
      return makeFinding(`the record has ${pattern}`, found.length > 0, describeFiles(found), otherwise);
    }),
    ...exempt.map((name) => {
      const promise = `the record asks for a signature of ${name}, as the configuration does`;
      return makeFinding(promise, false, "none", otherwise);
    }),
    ...[...recorded]
      .filter(([name]) => !Object.hasOwn(content.artifacts, name))
      .map(([name, at]) => makeFinding(`the configuration has ${name}, which is ${at}`, false, undefined, "differs")),
    ...files
      .filter((name) => !documents.includes(name) && !content.assets.some((pattern) => matchesPattern(name, pattern)))
      .map((name) => makeFinding(`the configuration has the file ${name}`, false, undefined, "differs")),
  ];
}

/**
 * Compares the recorded keys one by one. A key that the record does not have was not promised: a version published before the key
 * existed keeps its own promises. A key that the configuration does not have asks for nothing.
 */
function comparePolicy(recorded: RecordedPolicy, configured: SigningPolicy, otherwise: "broken" | "differs"): Finding {
  const promise = "the record asks for the signatures that the configuration asks for";
  if (recorded === "off" || configured === "off") {
    return makeFinding(promise, recorded === configured, recorded === "off" ? recorded : recorded.workflow, otherwise);
  }
  const wanted: Readonly<Record<string, unknown>> = configured;
  const different = Object.entries(recorded).filter(
    ([key, value]) => wanted[key] !== undefined && !isDeepStrictEqual(value, wanted[key]),
  );
  const shown = different.length === 0 ? Object.entries(recorded) : different;
  const found = shown.map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return makeFinding(promise, different.length === 0, found.join(", "), otherwise);
}

function matchesPattern(name: string, pattern: string): boolean {
  return minimatch(name, pattern, { dot: true, nonegate: true, nocomment: true });
}

function describeFiles(names: readonly string[]): string | undefined {
  return names.length < 2 ? names[0] : `${names.length} files`;
}
