import type { PublishedRelease } from "../../observe/published/release.ts";
import type { PublishedUnit } from "../../observe/published/unit.ts";
import type { FoundChart } from "../../observe/source/chart-set.ts";
import type { UnitFiles } from "../../observe/source/files.ts";
import type { ObservedWorkTree, WorkTree } from "../../observe/source/workspace/work-tree.ts";
import type { Mistake } from "../../errors/configuration-error.ts";
import type { ReleaseRecord } from "../../formats/release/release-record.ts";
import type { SigningIdentity } from "../../formats/signing/signing-policy.ts";
import { expandChartSet } from "../../plan/project/chart-set.ts";
import { planProject } from "../../plan/project/project.ts";
import type { ProjectPlan, RunKind } from "../../plan/project/project.ts";
import { readSpec } from "../../config/release/read-spec.ts";

export const commit = "c0ffee0123456789c0ffee0123456789c0ffee01";
export const otherCommit = "badf00d123456789badf00d123456789badf00d1";

/** Who signs, as the configuration says it and with its defaults filled in. */
export const identity: SigningIdentity = {
  issuer: "https://token.actions.githubusercontent.com",
  workflow: "acme/widgets/.github/workflows/release.yml",
  refs: "refs/tags/*",
};

/** `sha256:` and one digit, 64 times. */
export function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** What may be different from one image, tag v1.2.3 at HEAD, a clean work tree and no file. */
export interface Difference {
  config?: Record<string, unknown>;
  workTree?: Partial<WorkTree>;
  /** Replaces the answer of git altogether. */
  tree?: ObservedWorkTree;
  files?: Partial<UnitFiles>[];
  fileMistakes?: Mistake[];
  run?: Partial<RunKind>;
  /** Charts that are found for the chart set of `config`. */
  charts?: FoundChart[];
}

const noFiles: UnitFiles = { assets: [], changelog: undefined, notes: undefined, artifacts: [] };

/** A project's plan from real configuration, through readSpec(). */
export function plannedProject({
  config = {},
  workTree = {},
  tree,
  files = [],
  fileMistakes = [],
  run = {},
  charts = [],
}: Difference = {}): ProjectPlan {
  const all = {
    repository: "acme/widgets",
    signing: "off",
    ...("units" in config || "charts" in config ? {} : { image: "ghcr.io/acme/widgets" }),
    ...config,
  };
  const texts = Object.entries(all)
    .filter(([key, value]) => value !== undefined && !(key === "signing" && "units" in config))
    .map(([key, value]) => [`lockstep:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
  const written = readSpec(Object.fromEntries(texts) as Record<string, string>, {});
  const read = expandChartSet(written, { found: charts, mistakes: [] });
  const units = read.outline.units.map((_, index) => ({ ...noFiles, ...files[index] }));
  const clean = {
    commit,
    commitTime: 1_767_323_045,
    tags: ["v1.2.3"],
    messages: new Map<string, string>(),
    changed: [],
    ...workTree,
  };
  return planProject(
    read,
    tree ?? { workTree: clean, mistakes: [] },
    { found: units, mistakes: fileMistakes },
    { preview: false, startedFor: undefined, ...run },
  );
}

/** Nothing is published. */
export const nothing: PublishedUnit = {
  artifacts: {},
  gitTagCommit: undefined,
  release: undefined,
  drafts: [],
  untagged: {},
  proofs: {},
};

/** A Release or draft of `widgets@1.2.3`. */
export function ourRelease(record?: ReleaseRecord, signed = false): PublishedRelease {
  return {
    owner: "widgets@1.2.3",
    title: "v1.2.3",
    url: "https://github.com/acme/widgets/releases/tag/v1.2.3",
    author: "bot",
    notes: undefined,
    files: {},
    record,
    signed,
  };
}

/** A Release or draft that a person made. */
export const personsRelease: PublishedRelease = {
  owner: undefined,
  title: "My notes",
  url: "https://github.com/acme/widgets/releases/tag/v1.2.3",
  author: "ada",
  notes: undefined,
  files: {},
  record: undefined,
  signed: false,
};
