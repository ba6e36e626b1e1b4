import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { rcompare } from "semver";
import { repositoryOf } from "../clients/git-refs.ts";
import { allReleases } from "../clients/releases.ts";
import { configurationError } from "../errors/configuration-error.ts";
import { explained } from "../errors/explained.ts";
import { tagName, versionIn } from "../formats/tag-pattern.ts";
import type { Finding } from "../observe/published/finding.ts";
import { inspect } from "../observe/published/inspection.ts";
import { namedUnits } from "../plan/project.ts";
import { sigstoreOf } from "../plan/release.ts";
import { signingOf } from "../plan/signing.ts";
import { readSpec } from "../spec/read-spec.ts";
import { stackConfig } from "./stack-config.ts";

/** What one look found, and whether every promise is kept. */
interface Look {
  text: string;
  kept: boolean;
}

/**
 * `npm run verify -- UNIT@VERSION --config-file FILE`: holds every promise of a published Release against what a stranger can fetch.
 * Uses no state, no token and no login.
 * @param args `UNIT@VERSION`, or `--all` for every published version; `--stack NAME` (its file in this folder) or `--config-file FILE`;
 * `--watch SECONDS` repeats until a promise is broken
 * @returns 0 where all are kept, 1 where one is broken
 */
export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      stack: { type: "string", short: "s" },
      "config-file": { type: "string" },
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
  if (!(pause > 0)) throw new Error(`--watch takes seconds, not "${values.watch}".`);
  return asStranger(async () => {
    for (;;) {
      const { text, kept } = await look(file, positionals, values.all);
      process.stdout.write(`${text}\n`);
      if (!kept) return 1;
      if (values.watch === undefined) return 0;
      await delay(pause * 1000);
    }
  });
}

/** Without the tokens and logins of this machine: what is verified is what everybody can see. */
async function asStranger<T>(work: () => Promise<T>): Promise<T> {
  const nobody = await mkdtemp(join(tmpdir(), "lockstep-stranger-"));
  for (const name of ["GITHUB_TOKEN", "GH_TOKEN"]) delete process.env[name];
  process.env["DOCKER_CONFIG"] = nobody;
  try {
    return await work();
  } catch (error) {
    throw explained(error, "verifying what is published");
  } finally {
    await rm(nobody, { recursive: true, force: true });
  }
}

async function look(file: string, wanted: readonly string[], all: boolean): Promise<Look> {
  const { spec, mistakes } = readSpec(await stackConfig(file), process.env);
  if (spec === undefined) throw configurationError(mistakes);
  const looks: Look[] = [];
  for (const { name, tagPattern, unit } of namedUnits(spec)) {
    const versions = all ? await publishedVersions(spec.repository, tagPattern) : [];
    const asked = wanted.filter((one) => one.startsWith(`${name}@`)).map((one) => one.slice(name.length + 1));
    for (const version of new Set([...asked, ...versions])) {
      const question = { repository: spec.repository, unit: name, version, tag: tagName(tagPattern, version) };
      looks.push(
        told(
          `${name} ${version}`,
          await inspect({
            ...question,
            signing: signingOf(unit.signing, version, spec.repository),
            sigstore: sigstoreOf(spec),
          }),
        ),
      );
    }
  }
  const names = namedUnits(spec).map(({ name }) => name);
  const unknown = wanted.filter((one) => !names.some((name) => one.startsWith(`${name}@`)));
  if (unknown.length > 0)
    throw new Error(`The configuration has no unit of ${unknown.join(", ")}: it has ${names.join(", ")}.`);
  if (looks.length === 0)
    throw new Error(`The configuration has no unit of ${wanted.join(", ")}, or nothing is published.`);
  return { text: looks.map(({ text }) => text).join("\n\n"), kept: looks.every(({ kept }) => kept) };
}

async function publishedVersions(repository: string, tagPattern: string): Promise<string[]> {
  const releases = await allReleases(repositoryOf(repository));
  return releases.flatMap(({ tag_name }) => versionIn(tagPattern, tag_name) ?? []).toSorted(rcompare);
}

function told(title: string, findings: readonly Finding[]): Look {
  const broken = findings.filter(({ kept }) => !kept).length;
  const width = Math.max(...findings.map(({ promise }) => promise.length));
  const rows = findings.map(
    ({ promise, kept, found }) => `  ${kept ? "kept  " : "BROKEN"}  ${promise.padEnd(width)}  ${found}`,
  );
  const sum =
    broken === 0 ? `all ${findings.length} promises are kept` : `${broken} of ${findings.length} promises are broken`;
  return { text: [`${title}: ${sum}`, ...rows].join("\n"), kept: broken === 0 };
}
