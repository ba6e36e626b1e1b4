import { gitHubWeb } from "../clients/github/github.ts";
import type { PackageAddress } from "../clients/github/packages/package-versions.ts";
import { shownLines } from "../errors/shown-text.ts";
import { configurationError } from "../errors/configuration-error.ts";
import type { ManifestReferences } from "../formats/artifact/manifest-references.ts";
import { packageName, settingsPage } from "../formats/organization/package-page.ts";
import { observeOwners } from "../observe/published/packages/package-owner.ts";
import { observePackage } from "../observe/published/packages/package-versions.ts";
import type { ObservedPackage } from "../observe/published/packages/package-versions.ts";
import { observeReleaseMentions } from "../observe/published/packages/release-mentions.ts";
import { planRetention } from "../plan/retention/retention.ts";
import type { RetentionPlan, RetentionRule } from "../plan/retention/retention.ts";
import { retentionFailure } from "../plan/retention/retention-failure.ts";
import { retentionText } from "../plan/retention/retention-text.ts";
import { readSpec } from "../config/release/read-spec.ts";
import type { ReadProject } from "../config/release/release-spec.ts";
import { Misuse } from "./command-line/misuse.ts";
import { readArguments } from "./command-line/read-arguments.ts";
import { configFileOf, readStackConfig } from "./stack/stack-config.ts";
import { deleteVersions } from "./version-deletion.ts";

/** A package of the configuration. */
interface ConfiguredPackage extends PackageAddress {
  /** With its registry. */
  repository: string;
  /** What stands before the version in its version tags. */
  prefix: string;
}

/**
 * `npm run retention`: lists the versions of the configuration's container packages that may be deleted, and deletes them with `--confirm`.
 * Never deletes anything that a Release, a tag or a version that stays refers to.
 * @param now milliseconds since 1970; default: the present
 * @returns 0; 1 if there is no package, or the token sees none
 * @throws Misuse; ReleaseError CONFIGURATION_INVALID, or what GitHub refused
 */
export async function retention(args: readonly string[], now: number = Date.now()): Promise<number> {
  const { values } = readArguments("retention", args);
  const file = configFileOf(values);
  if (file === undefined) {
    throw new Misuse("retention", ["Whose packages? Name a configuration with --config-file or --stack."]);
  }
  const rule = { keepLast: values.keep, olderThan: values["older-than"] };
  const { spec, mistakes } = readSpec(await readStackConfig(file), process.env);
  if (spec === undefined) {
    throw configurationError(mistakes);
  }
  const images = imagesAtGitHub(spec);
  if (images.length === 0) {
    throw new Error(`The configuration has no image in ${spec.packages.registry}, so there is nothing to check.`);
  }
  let packages: ConfiguredPackage[] = [];
  try {
    packages = await withOwners(spec.repository, images);
    return await clean(packages, () => namedBy(spec.repository), { rule, now, confirm: values.confirm });
  } catch (error) {
    const pages = packages.map((at) => settingsPage(gitHubWeb(), at.kind === "Organization", at));
    throw retentionFailure(error, pages);
  }
}

async function clean(
  packages: readonly ConfiguredPackage[],
  readNamed: () => Promise<ReadonlyMap<string, string>>,
  { rule, now, confirm }: { rule: RetentionRule; now: number; confirm: boolean },
): Promise<number> {
  let named = await readNamed();
  let seen = 0;
  let going = 0;
  for (const at of packages) {
    let known: ReadonlyMap<string, ManifestReferences> = new Map();
    const planned = async (kept: ReadonlyMap<string, string>): Promise<RetentionPlan | undefined> => {
      const observed: ObservedPackage | undefined = await observePackage(at, at.repository, known);
      if (observed === undefined) {
        return undefined;
      }
      known = observed.manifests;
      return planRetention({ ...observed, named: new Map([...kept, ...named]), prefix: at.prefix, rule, now });
    };
    const plan = await planned(new Map());
    if (plan === undefined) {
      say(`${at.repository}: there is no such package, or GitHub does not show it to this token.`);
      continue;
    }
    seen += 1;
    const wanted = plan.goes.flat().length;
    going += wanted;
    say(retentionText(at.repository, plan));
    if (!confirm || wanted === 0) {
      continue;
    }
    const nothing: RetentionPlan = { goes: [], stays: [], freed: 0, blocked: "the package is gone" };
    const planAgain = async (kept: ReadonlyMap<string, string>): Promise<RetentionPlan> => {
      // A Release published in the meantime may name what was to be deleted.
      named = await readNamed();
      return (await planned(kept)) ?? nothing;
    };
    const deleted = await deleteVersions({ at, plan, planAgain, say: (line) => say(`  ${line}`) });
    say(`  ${deleted} of ${wanted} deleted; GitHub can restore them for 30 days.`);
  }
  if (!confirm && going > 0) {
    say("Nothing was deleted. Add --confirm to delete these versions.");
  }
  return seen > 0 ? 0 : 1;
}

/**
 * The images that GitHub keeps as packages, in the order of the configuration; each repository has one artifact. Charts are left alone: every
 * version of them stays.
 */
function imagesAtGitHub({ units, packages: { registry } }: ReadProject): Omit<ConfiguredPackage, "kind">[] {
  return units.flatMap(({ artifacts, tags: { prefix } }) =>
    artifacts
      .filter(({ kind }) => kind === "image")
      .flatMap(({ ociRepository: repository }) => {
        const name = packageName(repository, registry);
        return name === undefined ? [] : [{ ...name, repository, prefix }];
      }),
  );
}

async function withOwners(
  home: string,
  images: readonly Omit<ConfiguredPackage, "kind">[],
): Promise<ConfiguredPackage[]> {
  const { kinds } = await observeOwners(
    home,
    images.map(({ owner }) => owner),
  );
  return images.map((one) => ({ ...one, kind: kinds.get(one.owner) ?? "Organization" }));
}

async function namedBy(repository: string): Promise<Map<string, string>> {
  const mentions = await observeReleaseMentions(repository);
  return new Map([...mentions].map(([digest, tag]) => [digest, `the Release ${tag} names it`]));
}

function say(text: string): void {
  process.stdout.write(`${shownLines(text)}\n`);
}
