import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { rcompare } from "semver";
import { repositoryOf } from "../clients/github/git-refs.ts";
import { allReleases } from "../clients/github/release/releases.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { explainError } from "../errors/explain-error.ts";
import { versionIn } from "../formats/release/tag-pattern.ts";
import { observeChartSet } from "../observe/source/chart-set.ts";
import { inspect } from "../observe/published/inspection/inspection.ts";
import { inspectionQuestion } from "../plan/inspection/inspection-question.ts";
import type { InspectedVersion } from "../plan/inspection/inspection-question.ts";
import { inspectionText } from "../plan/inspection/inspection-text.ts";
import { expandChartSet } from "../plan/project/chart-set.ts";
import { namedUnits } from "../plan/project/named-units.ts";
import { signerChanges } from "../plan/published/signer-changes.ts";
import type { InspectedRelease } from "../plan/published/signer-changes.ts";
import type { NamedUnit } from "../plan/project/named-units.ts";
import { readSpec } from "../config/release/read-spec.ts";
import { Misuse } from "./command-line/misuse.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { configFileOf, readStackConfig } from "./stack/stack-config.ts";

/** What was found, and whether every promise is kept. */
interface Verdict {
  text: string;
  kept: boolean;
}

/** What is verified. */
interface Subject {
  /** The stack's configuration. */
  file: string;
  /** `UNIT@VERSION`. */
  named: readonly string[];
  /** Every published version. */
  all: boolean;
  /** Registries that may be asked beside those of the configuration, as hosts. */
  also: readonly string[];
}

/**
 * `npm run verify`: compares every promise of a published Release with what anyone can download. Uses no state, no token and no login.
 * @returns 0 if all promises are kept, 1 if one is broken; an older version that differs from today's configuration breaks none
 * @throws Misuse; ReleaseError CONFIGURATION_INVALID, or what a server refused
 */
export async function verify(args: readonly string[]): Promise<number> {
  const { values, others: named } = readArguments("verify", args);
  const file = configFileOf(values);
  const missing = [
    ...(file === undefined ? ["Whose Releases? Name a configuration with --config-file or --stack."] : []),
    ...(named.length === 0 && !values.all ? ["Which version? Name UNIT@VERSION, or all of them with --all."] : []),
  ];
  if (file === undefined || missing.length > 0) {
    throw new Misuse("verify", missing);
  }
  return asStranger(async () => {
    for (;;) {
      const { text, kept } = await verdictOn({ file, named, all: values.all, also: values.also });
      process.stdout.write(`${text}\n`);
      if (!kept) {
        return 1;
      }
      if (values.watch === undefined) {
        return 0;
      }
      await delay(values.watch);
    }
  });
}

/** Works without the tokens and logins of this machine, so that only what anyone can see is verified. */
async function asStranger<T>(work: () => Promise<T>): Promise<T> {
  const noLogins = await mkdtemp(join(tmpdir(), "lockstep-stranger-"));
  for (const name of ["GITHUB_TOKEN", "GH_TOKEN"]) {
    delete process.env[name];
  }
  process.env["DOCKER_CONFIG"] = noLogins;
  try {
    return await work();
  } catch (error) {
    throw explainError(error, "verifying what is published");
  } finally {
    await rm(noLogins, { recursive: true, force: true });
  }
}

async function verdictOn({ file, named, all, also }: Subject): Promise<Verdict> {
  const written = readSpec(await readStackConfig(file), process.env);
  const { workspace, charts } = written.outline;
  const { spec, mistakes } = expandChartSet(written, await observeChartSet(workspace, charts, written.pathOf));
  if (spec === undefined) {
    throw configurationError(mistakes);
  }
  const units = namedUnits(spec);
  const unknown = named.filter((one) => !units.some(({ name }) => one.startsWith(`${name}@`)));
  if (unknown.length > 0) {
    const names = units.map(({ name }) => name).join(", ");
    throw new Error(`The configuration has no unit for ${unknown.join(", ")}. Its units: ${names}.`);
  }
  const verdicts: Verdict[] = [];
  const warnings: string[] = [];
  for (const unit of units) {
    const releases: InspectedRelease[] = [];
    for (const version of await inspectedVersions(spec.repository, unit, named, all)) {
      const findings = await inspect(inspectionQuestion(spec, unit, version, also));
      releases.push({ version: version.version, findings });
      verdicts.push({
        text: inspectionText(`${unit.name} ${version.version}`, findings, unit.unit.signing !== "off"),
        kept: findings.every(({ outcome }) => outcome !== "broken"),
      });
    }
    warnings.push(...signerChanges(unit.name, releases));
  }
  if (verdicts.length === 0) {
    throw new Error(`Nothing has been published of ${units.map(({ name }) => name).join(", ")}.`);
  }
  return {
    text: [...verdicts.map(({ text }) => text), ...warnings].join("\n\n"),
    kept: verdicts.every(({ kept }) => kept),
  };
}

/** The versions that were named and, with `--all`, all others. The newest one and those named must match the configuration. */
async function inspectedVersions(
  repository: string,
  { name, tagPattern }: NamedUnit,
  named: readonly string[],
  all: boolean,
): Promise<InspectedVersion[]> {
  const asked = named.filter((one) => one.startsWith(`${name}@`)).map((one) => one.slice(name.length + 1));
  const [newest, ...older] = all ? await publishedVersions(repository, tagPattern) : [];
  const current = new Set([...asked, ...(newest === undefined ? [] : [newest])]);
  return [
    ...[...current].map((version) => ({ version, current: true })),
    ...older.filter((version) => !current.has(version)).map((version) => ({ version, current: false })),
  ];
}

async function publishedVersions(repository: string, tagPattern: string): Promise<string[]> {
  const releases = await allReleases(repositoryOf(repository));
  return releases.flatMap(({ tag_name }) => versionIn(tagPattern, tag_name) ?? []).toSorted(rcompare);
}
