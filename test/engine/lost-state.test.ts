import { rm } from "node:fs/promises";
import { relative } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provenancePredicate, signaturePredicate } from "../../formats/signing/statement.ts";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";
import { attached, imageTags, published, releases } from "../support/published.ts";
import type { PublishedState } from "../support/published.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

/** Units of one project, each named after the step that came through before its run was cut off. */
const units = ["pushed", "signed", "tagged"] as const;
type Unit = (typeof units)[number];

const workflow = "acme/widgets/.github/workflows/release.yml";
const checkout = new URL("../..", import.meta.url).pathname;
const refusal = { status: 403, body: { message: "Resource not accessible by integration" } };

/** What everybody sees of each unit, and what is attached to each of its digests. */
type World = Record<Unit, PublishedState & { attached: Record<string, Record<string, string[]>> }>;

let project: Project;
let cut: Run;
let left: {
  releases: unknown[];
  tags: Record<Unit, string[]>;
  attached: Record<Unit, Record<string, unknown>>;
  pushed: Record<Unit, string[]>;
};
let again: { run: Run; mark: number; built: number; units: Awaited<ReturnType<Project["units"]>>; world: World };
let third: { run: Run; mark: number; signed: number; built: number; world: World };

/** The same repository on a machine that has neither state nor outputs of earlier runs. */
async function withoutState(): Promise<Project> {
  const clone = await project.clone();
  await rm(project.stateFolder, { recursive: true });
  return clone;
}

/** Lets the builder forget what it has built, so that it builds once more. */
async function withoutBuilds(): Promise<void> {
  const { kind, address = "" } = sandbox.builder ?? {};
  // Without the sampler buildctl fails where it cannot hand over its trace within 50 ms.
  const env = { ...sandbox.environment, OTEL_TRACES_SAMPLER: "always_off" };
  if (kind === "buildkit") {
    await execa("buildctl", ["--addr", address, "prune", "--all"], { env });
  } else {
    await execa("docker", ["buildx", "prune", "--all", "--force"], { env });
  }
}

/** Digests of all manifests that were pushed to a unit's repository since a mark. */
function pushedSince(mark: number, unit: Unit): string[] {
  return sandbox.journal
    .writes(mark, { door: "registry", method: "PUT", path: new RegExp(`^/v2/acme/${unit}/manifests/`) })
    .filter(({ status }) => status < 300)
    .map(({ path }) => path.slice(`/v2/acme/${unit}/manifests/`.length));
}

async function byUnit<T>(of: (unit: Unit) => T | Promise<T>): Promise<Record<Unit, T>> {
  const all = await Promise.all(units.map(async (unit) => [unit, await of(unit)] as const));
  return Object.fromEntries(all) as Record<Unit, T>;
}

/** Everything that is attached to any of these digests. */
async function attachedTo(unit: Unit, digests: readonly string[]): Promise<Record<string, Record<string, string[]>>> {
  const all = digests.map(async (digest) => [digest, await attached(sandbox, `acme/${unit}`, digest)] as const);
  return Object.fromEntries((await Promise.all(all)).filter(([, types]) => Object.keys(types).length > 0));
}

function seen(): Promise<World> {
  return byUnit(async (unit) => {
    const state = await published(sandbox, project, "1.0.0", unit);
    return { ...state, attached: await attachedTo(unit, digestsOf(state)) };
  });
}

function digestsOf({ manifests }: PublishedState): string[] {
  return Object.values(manifests).map((hex) => `sha256:${hex}`);
}

const history = async (): Promise<number> => (await sandbox.builder?.history())?.length ?? 0;

beforeAll(async () => {
  const ref = "refs/tags/v1.0.0";
  sandbox.sigstore.identity.set({ repository: "acme/lost", ref, job_workflow_ref: `${workflow}@${ref}` });
  project = await makeProject(sandbox, "lost");
  await project.configure({
    repository: project.fullName,
    sigstore: {
      trustedRoot: relative(project.folder, sandbox.sigstore.trustedRoot),
      signingConfig: relative(project.folder, sandbox.sigstore.signingConfig),
    },
    units: units.map((name) => ({
      name,
      version: "1.0.0",
      images: [{ repository: `${sandbox.addresses.registry}/acme/${name}`, platforms: ["linux/amd64"] }],
      assets: [{ path: "deploy/install.yaml" }],
      signing: { issuer: sandbox.sigstore.issuer, workflow },
    })),
  });
  await project.commit();

  const registry = { door: "registry", method: "PUT", when: "before", times: Infinity, act: refusal } as const;
  sandbox.faults.add({ ...registry, path: /\/acme\/pushed\/manifests\/sha256-/ });
  sandbox.faults.add({ ...registry, path: /\/acme\/signed\/manifests\/1\.0\.0$/ });
  sandbox.faults.add({ ...registry, door: "github", method: "POST", path: /\/acme\/lost\/releases$/ });
  const mark = sandbox.journal.mark();
  cut = await project.up();
  sandbox.faults.clear();
  const pushed = await byUnit((unit) => pushedSince(mark, unit));
  left = {
    releases: await releases(sandbox, project.fullName),
    tags: await byUnit(async (unit) => (await imageTags(sandbox, `acme/${unit}`)).filter((tag) => tag === "1.0.0")),
    attached: await byUnit((unit) =>
      attachedTo(
        unit,
        pushed[unit].filter((one) => one.startsWith("sha256:")),
      ),
    ),
    pushed,
  };

  project = await withoutState();
  await withoutBuilds();
  const [builtBefore, secondMark] = [await history(), sandbox.journal.mark()];
  const run = await project.up();
  expect(run.exitCode, run.output).toBe(0);
  const built = (await history()) - builtBefore;
  again = { run, mark: secondMark, built, units: await project.units(), world: await seen() };

  project = await withoutState();
  // What is published already needs no token to sign with.
  Object.assign(project.environment, { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" });
  const [entries, before, thirdMark] = [sandbox.sigstore.entries(), await history(), sandbox.journal.mark()];
  const last = await project.up();
  third = {
    run: last,
    mark: thirdMark,
    signed: sandbox.sigstore.entries() - entries,
    built: (await history()) - before,
    world: await seen(),
  };
}, 400_000);

describe("a release, when a run is cut off after the push, after the signatures and after the tags", () => {
  it("fails, and says of each unit why", () => {
    expect(cut.exitCode).not.toBe(0);
    for (const unit of units) {
      expect(cut.output).toMatch(new RegExp(`acme/${unit}|${unit}-v1`));
    }
    expect(cut.output.match(/how to fix it:/g)?.length).toBeGreaterThanOrEqual(units.length);
  });

  it("shows nobody a Release", () => expect(left.releases).toEqual([]));

  it("has come as far as it should in each unit", () => {
    expect(left.tags).toEqual({ pushed: [], signed: [], tagged: ["1.0.0"] });
    expect(Object.keys(left.attached.pushed)).toEqual([]);
    for (const unit of ["signed", "tagged"] as const) {
      expect(Object.keys(left.attached[unit]).length).toBe(2);
    }
    for (const unit of units) {
      expect(left.pushed[unit].length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe.each(units)("a release, when state and outputs are lost after the step: %s", (unit) => {
  it("publishes the digests that the lost run pushed", () => {
    expect(left.pushed[unit]).toEqual(expect.arrayContaining(digestsOf(again.world[unit])));
  });

  it("names that digest in outputs, notes, record and everything that is attached", async () => {
    const { manifests, release, attached: bundles } = again.world[unit];
    const digest = `sha256:${manifests["1.0.0"]}`;
    expect(again.units[unit]?.artifacts[unit]?.digest).toBe(digest);
    expect(release.body).toContain(`acme/${unit}:1.0.0@${digest}`);
    const address = `${sandbox.addresses.web}/${project.fullName}/releases/download/${unit}-v1.0.0`;
    const record = await (await fetch(`${address}/lockstep.release.json`)).text();
    expect(record).toContain(digest);
    expect(Object.keys(bundles)).toEqual(digestsOf(again.world[unit]));
  });

  it("has one signature on each digest, and provenance once", () => {
    const { manifests, attached: bundles } = again.world[unit];
    const counts = Object.fromEntries(
      Object.entries(bundles).map(([digest, types]) => [digest, Object.values(types).map((one) => one.length)]),
    );
    expect(Object.values(counts).flat()).toEqual([1, 1, 1]);
    expect(bundles[`sha256:${manifests["1.0.0"]}`]).toMatchObject({
      [signaturePredicate]: [expect.anything()],
      [provenancePredicate]: [expect.anything()],
    });
  });

  it("has its provenance at GitHub once", async () => {
    const index = `sha256:${again.world[unit].manifests["1.0.0"]}`;
    const address = `${sandbox.addresses.api}/repos/${project.fullName}/attestations/${index}`;
    expect(((await (await fetch(address)).json()) as { attestations: unknown[] }).attestations.length).toBe(1);
  });

  it("has one whole Release", async () => {
    expect(Object.keys(again.world[unit].assets)).toEqual(
      expect.arrayContaining(["checksums.txt", "install.yaml", "lockstep.release.json"]),
    );
    const all = (await releases(sandbox, project.fullName)).filter(({ tag_name }) => tag_name === `${unit}-v1.0.0`);
    expect(all.map(({ draft }) => draft)).toEqual([false]);
  });
});

describe.each(["signed", "tagged"] as const)("a release, when %s was signed before the state was lost", (unit) => {
  it("attaches nothing again", () => {
    expect(again.world[unit].attached).toEqual(left.attached[unit]);
  });
});

describe("a release, when the version tag stood before the state was lost", () => {
  it("pushes no manifest, and tags nothing", () => {
    expect(pushedSince(again.mark, "tagged")).toEqual([]);
  });

  it("builds only the units that have no version tag", () => {
    expect(again.built).toBe(2);
  });
});

describe("a release, when state and outputs are lost after the Release", () => {
  it("succeeds without a token to sign with, and writes, signs and builds nothing", () => {
    expect(third.run.exitCode, third.run.output).toBe(0);
    expect(sandbox.journal.writes(third.mark)).toEqual([]);
    expect([third.signed, third.built]).toEqual([0, 0]);
  });

  it("finds everything as it was, byte for byte", () => {
    expect(third.world).toEqual(again.world);
  });

  it("keeps every promise, as `npm run verify` sees it", async () => {
    const args = ["commands/main.ts", "verify", "--all", "--config-file", `${project.stateFolder}.yaml`];
    const verified = await execa("node", args, { cwd: checkout, env: project.environment, all: true, reject: false });
    expect(verified.exitCode, verified.all).toBe(0);
    for (const unit of units) {
      expect(verified.all).toMatch(new RegExp(`${unit} 1\\.0\\.0: all \\d+ promises are kept`));
    }
  });
});
