import { relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { gitHubWeb } from "../../clients/github/github.ts";
import { labelKeys } from "../../formats/artifact/labels.ts";
import { provenance, provenancePredicate } from "../../formats/signing/statement.ts";
import { buildInputsOf } from "../../plan/artifact/artifact-plan.ts";
import { release } from "../../programs/release.ts";
import { readSpec } from "../../config/release/read-spec.ts";
import { signingSandbox, workflow } from "../clients/sigstore/signing-sandbox.ts";
import { engineHost } from "../providers/host/engine-host.ts";
import { githubClient } from "../sandbox/github-client.ts";
import { registryClient } from "../sandbox/registry-client.ts";
import { programRun } from "../support/program-run.ts";
import type { ProgramRun } from "../support/program-run.ts";
import { makeProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";

const signing = signingSandbox();
const { world } = signing;

beforeAll(() => {
  // The runner of these tests may itself run for a tag.
  process.env["GITHUB_REF_TYPE"] = "branch";
});

/** What a run said and what it wrote. */
interface Observed extends ProgramRun {
  writes: unknown[];
}

async function run(project: Project): Promise<Observed> {
  const mark = world.sandbox.journal.mark();
  const seen = await programRun("up", () => release(project.configuration()));
  return { ...seen, writes: world.sandbox.journal.writes(mark) };
}

/** Refused with this code and these words, without a stack trace, before anything is written and before there is a graph to build from. */
function expectRefusal({ stops, output, registered, writes }: Observed, code: string, words: readonly string[]): void {
  expect(stops, output).toBe(true);
  expect(output).toContain(`[${code}]`);
  for (const said of words) {
    expect(output).toContain(said);
  }
  expect(output).not.toMatch(/^\s+at /m);
  expect([writes, registered]).toEqual([[], []]);
}

/** Names that no other test has: the process keeps what it was told of a repository. */
let number = 0;
const newProject = (config: Record<string, unknown> = {}): Promise<Project> =>
  makeProject(world.sandbox, `planned-${++number}`, config);

const signedBy = (project: Project): Record<string, unknown> => ({
  signing: { issuer: world.sandbox.sigstore.issuer, workflow },
  sigstore: {
    trustedRoot: relative(project.folder, world.sandbox.sigstore.trustedRoot),
    signingConfig: relative(project.folder, world.sandbox.sigstore.signingConfig),
  },
});

/** What a configuration says of its only build. */
function onlyBuildInputs(project: Project): string {
  const [image] = readSpec(project.configuration(), {}).spec?.units[0]?.artifacts ?? [];
  if (image === undefined) {
    throw new Error("there is no image");
  }
  return buildInputsOf(image, "");
}

describe("release, when something else stands against the version", () => {
  it("refuses an image of another commit under the version tag, and names both sides", async () => {
    const project = await newProject();
    const first = await project.commit();
    const annotations = { [labelKeys.revision]: first, [labelKeys.buildInputs]: onlyBuildInputs(project) };
    await registryClient(world.sandbox).pushImage(project.fullName, "1.0.0", "there", { annotations });
    await project.write({ "greeting.txt": "Another text.\n" });
    const second = await project.commit("v1.0.0");
    expectRefusal(await run(project), "TAG_CONFLICT", [first, second]);
  });

  it("refuses an image of other build inputs under the version tag, and names both sides", async () => {
    const project = await newProject();
    const commit = await project.commit("v1.0.0");
    const annotations = { [labelKeys.revision]: commit, [labelKeys.buildInputs]: "0".repeat(64) };
    await registryClient(world.sandbox).pushImage(project.fullName, "1.0.0", "there", { annotations });
    const own = onlyBuildInputs(project).slice(0, 12);
    expectRefusal(await run(project), "TAG_CONFLICT", ["other build inputs", `with build inputs ${own}`]);
  });

  it("refuses a git tag at another commit, and names both sides", async () => {
    const project = await newProject();
    const other = await project.commit();
    await project.git("push", "--quiet", "origin", "HEAD:refs/tags/v1.0.0");
    await project.write({ "greeting.txt": "Another text.\n" });
    const commit = await project.commit("v1.0.0");
    expectRefusal(await run(project), "GIT_TAG_CONFLICT", [other, commit]);
  });

  it("refuses a person's draft, and names both sides", async () => {
    const project = await newProject();
    await project.commit("v1.0.0");
    const draft = { tag_name: "v1.0.0", name: "Big news", body: "soon", draft: true };
    expect((await githubClient(world.sandbox).post(`/repos/${project.fullName}/releases`, draft)).status).toBe(201);
    expectRefusal(await run(project), "DRAFT_FOREIGN", [
      '"Big news"',
      `${project.fullName.slice("acme/".length)}@1.0.0`,
    ]);
  });

  it("refuses a commit that was not pushed, and names both sides", async () => {
    const project = await newProject();
    await project.commit();
    await project.git("commit", "--quiet", "--allow-empty", "--message=Not pushed");
    await project.git("tag", "v1.0.0");
    const words = [await project.git("rev-parse", "HEAD"), `is not in ${project.fullName} on GitHub`];
    expectRefusal(await run(project), "CONFIGURATION", words);
  });

  it("refuses to sign in a run of another ref, and names both sides", async () => {
    const project = await newProject();
    await project.configure({
      repository: project.fullName,
      image: `${world.sandbox.addresses.registry}/${project.fullName}`,
      ...signedBy(project),
    });
    await project.commit("v1.0.0");
    signing.runAs(workflow, "refs/heads/main", { repository: project.fullName });
    const words = [`by ${workflow} at refs/tags/*`, `the signer is ${workflow}@refs/heads/main`];
    expectRefusal(await run(project), "CONFIGURATION", words);
  });
});

describe("release, when someone else pushed under the version tag of a signed unit", () => {
  // Our own workflow signs for whoever calls it, and labels and provenance are ours word for word.
  it.each([{ caller: undefined }, { caller: "evil/attack" }])(
    "refuses it, signed in a run of $caller, and signs nothing",
    async ({ caller }) => {
      const project = await newProject();
      await project.configure({
        repository: project.fullName,
        image: `${world.sandbox.addresses.registry}/${project.fullName}`,
        ...signedBy(project),
      });
      const revision = await project.commit("v1.0.0");
      const inputs = onlyBuildInputs(project);
      const annotations = { [labelKeys.revision]: revision, [labelKeys.buildInputs]: inputs };
      const digest = await registryClient(world.sandbox).pushImage(project.fullName, "1.0.0", "evil", { annotations });
      if (caller !== undefined) {
        signing.runAs(workflow, "refs/tags/v1.0.0", { repository: caller });
        const source = `${gitHubWeb()}/${project.fullName}`;
        await engineHost("attestation").create({
          repository: `${world.sandbox.addresses.registry}/${project.fullName}`,
          digest,
          identity: signing.identity({ repository: caller }),
          sigstore: signing.instance(),
          predicateType: provenancePredicate,
          predicate: provenance({ revision, buildInputs: inputs }, `https://github.com/${workflow}`, source, {}),
        });
      }
      signing.runAs(workflow, "refs/tags/v1.0.0", { repository: project.fullName });
      const entries = world.sandbox.sigstore.entries();
      const refused = await run(project);
      expectRefusal(refused, "SIGNATURE_MISSING", ["which proves nothing", digest, ...(caller ? [caller] : [])]);
      expect(world.sandbox.sigstore.entries()).toBe(entries);
    },
  );
});

describe("release, when the input is bad", () => {
  let project: Project;
  const image = (name: string): string => `${world.sandbox.addresses.registry}/acme/bad-${name}`;
  const unit = (name: string, difference: object): object => ({
    name,
    images: [{ repository: image(name) }],
    signing: "off",
    ...difference,
  });
  const units = (...list: object[]): Record<string, unknown> => ({ repository: project.fullName, units: list });

  beforeAll(async () => {
    project = await newProject();
    await project.commit("v1.0.0", "twice-v1.0.0", "twice-v1.0.1");
  });

  it("refuses every value that no release can have, each with its path", async () => {
    await project.configure(
      units(
        unit("host", { images: [{ repository: "acme/bad" }] }),
        unit("prefix", { tags: { prefix: "v/" } }),
        unit("again", { images: [{ name: "one", repository: image("again") }, { repository: image("again") }] }),
        unit("key", { retries: 3 }),
        unit("version", { version: "1.0" }),
        unit("file", { assets: [{ path: "gone.yaml" }] }),
      ),
    );
    expectRefusal(await run(project), "CONFIGURATION", [
      "6 mistakes",
      '- units[0].images[0].repository = "acme/bad": has no registry in front',
      '- units[1].tags.prefix = "v/": has characters that an OCI tag cannot have',
      "- units[2].images[1].repository",
      "is also the repository of another artifact",
      "- units[3].retries = 3: is not a known key",
      '- units[4].version = "1.0": is not a semantic version',
      '- units[5].assets[0].path = "gone.yaml": does not exist',
    ]);
  });

  it("refuses every version and file that does not fit, each with its path", async () => {
    await project.configure(
      units(
        unit("metadata", { version: "1.0.0+5" }),
        unit("early", { version: "1.0.0-rc.1" }),
        unit("dockerfile", { images: [{ repository: image("dockerfile"), dockerfile: "Nope" }] }),
        unit("notes", { notes: { file: "NOTES.md" } }),
        unit("glob", { assets: [{ glob: "dist/*.tgz" }] }),
        unit("twice", {}),
      ),
    );
    expectRefusal(await run(project), "CONFIGURATION", [
      "6 mistakes",
      '- units[0].version = "1.0.0+5": has build metadata',
      '- units[1].version = "1.0.0-rc.1": is a pre-release, and this lane accepts stable versions only',
      '- units[2].images[0].dockerfile = "Nope": does not exist',
      '- units[3].notes.file = "NOTES.md": does not exist',
      '- units[4].assets[0].glob = "dist/*.tgz": matches no file',
      "are 2 versions of the same unit",
    ]);
  });

  it("refuses a dirty work tree", async () => {
    await project.configure({ repository: project.fullName, image: image("dirty"), signing: "off" });
    await project.write({ "greeting.txt": "Not committed.\n" });
    expectRefusal(await run(project), "CONFIGURATION", ["has changes that are not committed"]);
    await project.git("checkout", "--quiet", "greeting.txt");
  });

  it("refuses an empty configuration", async () => {
    await project.configureNothing();
    expectRefusal(await run(project), "CONFIGURATION", ["is empty: no key of `lockstep:` is set"]);
  });
});
