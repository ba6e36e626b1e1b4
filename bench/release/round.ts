import { join, relative } from "node:path";
import type { JournalEntry } from "../../sandbox/door/journal.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { makeProject } from "../../test/support/project.ts";
import type { Project } from "../../test/support/project.ts";
import { buildingProgram, idleProgram, writeProgram } from "../program.ts";
import { asRelease, succeeded } from "../release-run.ts";
import { timed } from "../table.ts";
import { runGlue } from "./glue.ts";
import { verifyFiles, verifyImage, workflow } from "./verification.ts";

const platforms = ["linux/amd64", "linux/arm64"];
/** The version that is measured, and the one that every repository has already. */
const [earlier, version] = ["1.0.0", "1.1.0"];

/** One program in one round. */
export interface Measured {
  /** In milliseconds. */
  time: number;
  /** When it began, in milliseconds since the epoch. */
  begin: number;
  requests: readonly JournalEntry[];
}

/** All programs in one round. */
export interface Round {
  /** The script. */
  glue: Measured;
  /** An `up` of a new version. */
  first: Measured;
  /** An `up` after it that changes nothing. */
  again: Measured;
  /** As many resources as that `up` has, which do nothing. */
  idle: Measured;
  /** The same after the builds, which are the same. */
  floor: Measured;
}

/**
 * Runs all programs once, one after another, and verifies what they have released, outside of the measured time. Each has a repository of its own, in
 * which an earlier version is released already.
 * @param round makes the names of repositories unique
 * @throws Error if a program fails, or what it has released does not verify
 */
export async function measureRound(sandbox: Sandbox, round: string): Promise<Round> {
  const watched = async (work: () => Promise<unknown>): Promise<Measured> => {
    const mark = sandbox.journal.mark();
    const begin = performance.timeOrigin + performance.now();
    const time = await timed(work);
    return { time, begin, requests: sandbox.journal.since(mark) };
  };

  const script = await makeProject(sandbox, `glue-${round}`);
  await commitVersion(sandbox, script, earlier);
  await runGlue(sandbox, script, earlier);
  await commitVersion(sandbox, script, version);
  let glued = "";
  const byGlue = await watched(async () => {
    glued = await runGlue(sandbox, script, version);
  });
  await verify(sandbox, script, glued);

  const project = await makeReleasedProject(sandbox, `up-${round}`);
  await commitVersion(sandbox, project, earlier);
  await project.prepare();
  await asRelease(project, async () => succeeded(await project.up()));
  await commitVersion(sandbox, project, version);
  const first = await watched(() => asRelease(project, async () => succeeded(await project.up())));
  const again = await watched(() => asRelease(project, async () => succeeded(await project.up())));
  await verify(sandbox, project, await readReleased(project));

  const { resources } = (await project.state()).deployment;
  const own = resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")).length;
  const idle = await measureProgram(sandbox, `idle-${round}`, () => idleProgram(1, own), watched);
  const floor = await measureProgram(
    sandbox,
    `floor-${round}`,
    (context, repository) =>
      buildingProgram(
        context,
        platforms.map((platform) => ({ repository, platform })),
      ) + idleProgram(1, own, "builds"),
    watched,
  );
  return { glue: byGlue, first, again, idle, floor };
}

/** An `up` of a program to compare with. Its state is also saved once, or the comparison would flatter. */
async function measureProgram(
  sandbox: Sandbox,
  name: string,
  code: (context: string, repository: string) => string,
  watched: (work: () => Promise<unknown>) => Promise<Measured>,
): Promise<Measured> {
  const project = await makeProject(sandbox, name);
  await commitVersion(sandbox, project, version);
  await project.prepare();
  const repository = `${sandbox.addresses.registry}/${project.fullName}`;
  const program = await writeProgram(join(sandbox.folder, `program-${name}`), code(project.folder, repository));
  return watched(() => asRelease(project, async () => succeeded(await project.upWith(program))));
}

/** Commits other content for each version and repository, so that no build finds another's layers, and makes the next signatures those of its run. */
async function commitVersion(sandbox: Sandbox, project: Project, of: string): Promise<void> {
  sandbox.sigstore.identity.set({
    repository: project.fullName,
    job_workflow_ref: `${workflow}@refs/heads/main`,
  });
  await project.write({
    "greeting.txt": `${project.fullName} ${of}\n`,
    "CHANGELOG.md": `# Changelog\n\n## ${of}\n\n- Another greeting.\n`,
  });
  await project.commit(`v${of}`);
}

async function makeReleasedProject(sandbox: Sandbox, name: string): Promise<Project> {
  const { issuer, trustedRoot, signingConfig } = sandbox.sigstore;
  const project = await makeProject(sandbox, name);
  const fromClone = (path: string): string => relative(project.folder, path);
  await project.configure({
    repository: project.fullName,
    image: { repository: `${sandbox.addresses.registry}/${project.fullName}`, platforms, sbom: "sbom.spdx.json" },
    assets: [{ path: "deploy/install.yaml" }],
    license: "Apache-2.0",
    signing: { issuer, workflow, refs: "refs/heads/main" },
    sigstore: { trustedRoot: fromClone(trustedRoot), signingConfig: fromClone(signingConfig) },
  });
  // What tests shorten is as long as in a real run.
  delete project.environment["LOCKSTEP_RETRY_MS"];
  delete project.environment["LOCKSTEP_UPLOAD_WAIT_MS"];
  return project;
}

/** The digest of the index that an `up` has released. */
async function readReleased(project: Project): Promise<string> {
  const [unit] = Object.values(await project.units());
  return Object.values(unit?.artifacts ?? {})[0]?.digest ?? "";
}

async function verify(sandbox: Sandbox, project: Project, digest: string): Promise<void> {
  await verifyImage(sandbox, project.fullName, version, digest);
  await verifyFiles(sandbox, project.fullName, `v${version}`, join(sandbox.folder, "downloads", project.fullName));
}
