import { createHash } from "node:crypto";
import type { ProjectPlan, UnitPlan } from "../../../plan/release/project.ts";
import type { HashedAsset } from "../../../observe/source/assets.ts";
import type { UnitOutputs } from "../../../formats/release/unit-outputs.ts";
import { plannedProject } from "../../plan/made-up-project.ts";
import { identity } from "../world/bundle.ts";

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
  signed: boolean;
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

/** The plan of a lane's project, by the product's own configuration and planner. */
export function planLane({ version, commit, signed }: Lane): { project: ProjectPlan; unit: UnitPlan } {
  const key = `${version} ${commit} ${signed}`;
  const project =
    projects.get(key) ??
    plannedProject({
      config: {
        units: [{ name: "widgets", images, signing: signed ? identity : "off" }],
        githubAttestations: signed ? "auto" : "off",
      },
      workTree: { commit, tags: [`v${version}`] },
      run: { startedFor: `v${version}` },
    });
  projects.set(key, project);
  const [unit] = project.units;
  if (unit === undefined) {
    throw new Error(`${version} is not released: ${JSON.stringify(project.skipped)}`);
  }
  return { project, unit };
}

/** The attached file, as the product's observation of the work tree describes it. */
export const hashedFile: HashedAsset = {
  name: attachedFile.name,
  path: attachedFile.name,
  sha256: createHash("sha256").update(attachedFile.text).digest("hex"),
  size: Buffer.byteLength(attachedFile.text),
};
