import { createHash } from "node:crypto";
import type { ProjectPlan, UnitPlan } from "../../../plan/project/project.ts";
import type { HashedAsset } from "../../../observe/source/assets.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { plannedProject } from "../../plan/made-up-project.ts";
import type { Difference } from "../../plan/made-up-project.ts";
import { identity } from "../world/bundle.ts";
import { laneChart, laneChartFiles } from "./lane-chart.ts";

/** The file that every release attaches. */
export const attachedFile = { name: "app.tgz", text: "the app, packed\n" };

/** The repository of every schedule. */
export const repository = "acme/widgets";

/** What an engine keeps of a resource. */
export interface ResourceState {
  id: string;
  properties: Record<string, unknown>;
}

/** One stack and the version that it releases. Runs of one lane are twins. */
export interface Lane {
  name: string;
  version: string;
  /** Full commit id. */
  commit: string;
  /** The commit before it, if the branch has moved on. Default: the clone knows of none. */
  parent?: string;
  signed: boolean;
  /** What it releases. Default: a unit of two images and a file. */
  releases?: "chart";
  /** Whether two builds of the commit give the same digest. */
  reproducible: boolean;
  /** What the last run of the lane left; empty if it was lost. */
  state: { resources: Map<string, ResourceState>; outputs: UnitOutputs | undefined };
}

const images = [
  { name: "app", repository: "ghcr.io/acme/app", platforms: ["linux/amd64", "linux/arm64"] },
  { name: "web", repository: "ghcr.io/acme/web", platforms: ["linux/amd64"] },
];

/** Repositories of the images. */
export const imageRepositories: readonly string[] = images.map((image) => image.repository);

const projects = new Map<string, ProjectPlan>();

/** What a lane releases, and what the product finds of it in its work tree. */
export interface PlannedLane {
  project: ProjectPlan;
  unit: UnitPlan;
  assets: HashedAsset[];
  /** Of each artifact, by name. */
  sourceHashes: Record<string, string>;
}

/** The plan of a lane's project, by the product's own configuration and planner. */
export function planLane(lane: Lane): PlannedLane {
  const { version, commit, signed, releases } = lane;
  const key = `${version} ${commit} ${signed} ${releases}`;
  const project = projects.get(key) ?? plannedProject(releases === "chart" ? chartSet(lane) : imageUnit(lane));
  projects.set(key, project);
  const [unit] = project.units;
  if (unit === undefined) {
    throw new Error(`${version} is not released: ${JSON.stringify(project.skipped)}`);
  }
  return releases === "chart"
    ? { project, unit, assets: [], sourceHashes: { widgets: laneChartFiles().packed.sha256 } }
    : { project, unit, assets: [hashedFile], sourceHashes: { app: "a", web: "b" } };
}

function imageUnit({ version, commit, signed }: Lane): Difference {
  return {
    config: {
      units: [{ name: "widgets", images, signing: signed ? identity : "off" }],
      githubAttestations: signed ? "auto" : "off",
    },
    workTree: { commit, tags: [`v${version}`] },
    run: { startedFor: `v${version}` },
  };
}

function chartSet({ commit, signed }: Lane): Difference {
  const { folder, version, repository: place } = laneChart;
  return {
    config: {
      charts: { path: "charts/*", repository: place.replace(/widgets$/, "{name}") },
      signing: signed ? identity : "off",
      githubAttestations: signed ? "auto" : "off",
    },
    charts: [{ folder, version }],
    files: [{ artifacts: [laneChartFiles()] }],
    workTree: { commit, tags: [] },
  };
}

/** The attached file, as the product's observation of the work tree describes it. */
const hashedFile: HashedAsset = {
  name: attachedFile.name,
  path: attachedFile.name,
  sha256: createHash("sha256").update(attachedFile.text).digest("hex"),
  size: Buffer.byteLength(attachedFile.text),
};
