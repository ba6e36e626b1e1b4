import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { rcompare } from "semver";
import { repositoryOf } from "../clients/github/git-refs.ts";
import { allReleases } from "../clients/github/release/releases.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { explained } from "../errors/explained.ts";
import { versionIn } from "../formats/release/tag-pattern.ts";
import { inspect } from "../observe/published/inspection/inspection.ts";
import { inspectionQuestion } from "../plan/inspection/inspection-question.ts";
import type { InspectedVersion } from "../plan/inspection/inspection-question.ts";
import { inspectionText } from "../plan/inspection/inspection-text.ts";
import { namedUnits } from "../plan/release/named-units.ts";
import { signerChanges } from "../plan/release/signer-changes.ts";
import type { InspectedRelease } from "../plan/release/signer-changes.ts";
import type { NamedUnit } from "../plan/release/named-units.ts";
import { readSpec } from "../config/release/read-spec.ts";
import { stackConfig } from "./stack/stack-config.ts";

/** What one look found, and whether every promise is kept. */
interface Look {
  text: string;
  kept: boolean;
}

/** What is looked at. */
interface Wanted {
  /** The stack's configuration. */
  file: string;
  /** `UNIT@VERSION`. */
  named: readonly string[];
  /** Every published version. */
  all: boolean;
  /** Registries that may be asked beside those of the configuration. */
  also: readonly string[];
}

/**
 * `npm run verify -- UNIT@VERSION --config-file FILE`: holds every promise of a published Release against what a stranger can fetch.
 * Uses no state, no token and no login.
 * @param args `UNIT@VERSION`, or `--all` for every published version; `--stack NAME` (its file in this folder) or `--config-file FILE`;
 * `--also HOST`, several times if need be, allows questions to a registry that the configuration does not name; `--watch SECONDS` repeats
 * until a promise is broken
 * @returns 0 if all are kept, 1 if one is broken; an older version that is not as the configuration is today breaks none
 */
export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      stack: { type: "string", short: "s" },
      "config-file": { type: "string" },
      also: { type: "string", multiple: true, default: [] },
      watch: { type: "string" },
    },
  });
  const file = values["config-file"] ?? (values.stack === undefined ? undefined : `Pulumi.${values.stack}.yaml`);
  if (file === undefined || (positionals.length === 0 && !values.all)) {
    throw new Error(
      "What shall be verified? For example: npm run verify -- app@1.2.3 --config-file ../app/.lockstep/Pulumi.prod.yaml",
    );
  }
  const pause = Number(values.watch ?? 1);
  if (!(pause > 0)) {
    throw new Error(`--watch takes seconds, not "${values.watch}".`);
  }
  const noHost = values.also.find((host) => !/^[A-Za-z0-9.-]+(:\d+)?$/.test(host));
  if (noHost !== undefined) {
    throw new Error(`--also takes the host of a registry, such as docker.io or localhost:5000, not "${noHost}".`);
  }
  return asStranger(async () => {
    for (;;) {
      const { text, kept } = await look({ file, named: positionals, all: values.all, also: values.also });
      process.stdout.write(`${text}\n`);
      if (!kept) {
        return 1;
      }
      if (values.watch === undefined) {
        return 0;
      }
      await delay(pause * 1000);
    }
  });
}

/** Without the tokens and logins of this machine: what is verified is what everybody can see. */
async function asStranger<T>(work: () => Promise<T>): Promise<T> {
  const nobody = await mkdtemp(join(tmpdir(), "lockstep-stranger-"));
  for (const name of ["GITHUB_TOKEN", "GH_TOKEN"]) {
    delete process.env[name];
  }
  process.env["DOCKER_CONFIG"] = nobody;
  try {
    return await work();
  } catch (error) {
    throw explained(error, "verifying what is published");
  } finally {
    await rm(nobody, { recursive: true, force: true });
  }
}

async function look({ file, named, all, also }: Wanted): Promise<Look> {
  const { spec, mistakes } = readSpec(await stackConfig(file), process.env);
  if (spec === undefined) {
    throw configurationError(mistakes);
  }
  const units = namedUnits(spec);
  const unknown = named.filter((one) => !units.some(({ name }) => one.startsWith(`${name}@`)));
  if (unknown.length > 0) {
    const names = units.map(({ name }) => name).join(", ");
    throw new Error(`The configuration has no unit of ${unknown.join(", ")}: it has ${names}.`);
  }
  const looks: Look[] = [];
  const warnings: string[] = [];
  for (const unit of units) {
    const releases: InspectedRelease[] = [];
    for (const version of await inspectedVersions(spec.repository, unit, named, all)) {
      const findings = await inspect(inspectionQuestion(spec, unit, version, also));
      releases.push({ version: version.version, findings });
      looks.push({
        text: inspectionText(`${unit.name} ${version.version}`, findings, unit.unit.signing !== "off"),
        kept: findings.every(({ outcome }) => outcome !== "broken"),
      });
    }
    warnings.push(...signerChanges(unit.name, releases));
  }
  if (looks.length === 0) {
    throw new Error(`Nothing is published of ${units.map(({ name }) => name).join(", ")}.`);
  }
  return { text: [...looks.map(({ text }) => text), ...warnings].join("\n\n"), kept: looks.every(({ kept }) => kept) };
}

/** Those that were named and, with `--all`, all others. The newest one and those named must be as the configuration is. */
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
