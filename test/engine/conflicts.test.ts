import { relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

interface Refused {
  run: Run;
  writes: unknown[];
  built: number;
}

/** Runs an `up` that must be refused, and says what it wrote and built. */
async function refusedRun(project: Project): Promise<Refused> {
  const before = (await sandbox.builder?.history())?.length ?? 0;
  const mark = sandbox.journal.mark();
  const run = await project.up();
  const built = ((await sandbox.builder?.history())?.length ?? 0) - before;
  return { run, writes: sandbox.journal.writes(mark), built };
}

/** Refused with this code and these words, without a stack, before anything was written or built. */
function expectRefusal({ run, writes, built }: Refused, code: string, words: readonly string[]): void {
  expect(run.exitCode).not.toBe(0);
  expect(run.output).toContain(`[${code}]`);
  for (const said of words) {
    expect(run.output).toContain(said);
  }
  expect(run.output).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/);
  expect([writes, built]).toEqual([[], 0]);
}

async function api(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${sandbox.addresses.api}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(201);
}

describe("a release, when the version is published already", () => {
  let project: Project;
  let first: string;

  beforeAll(async () => {
    project = await makeProject(sandbox, "there");
    first = await project.commit("v1.0.0");
    const run = await project.up();
    expect(run.exitCode, run.output).toBe(0);
  });

  it("refuses other build inputs before anything is built, and names both sides", async () => {
    const image = { repository: `${sandbox.addresses.registry}/${project.fullName}`, buildArgs: { FLAVOUR: "other" } };
    await project.configure({ repository: project.fullName, image, signing: "off" });
    expectRefusal(await refusedRun(project), "TAG_CONFLICT", ["other build inputs", "with build inputs"]);
  });

  it("refuses another commit before anything is built, and names both sides", async () => {
    const image = `${sandbox.addresses.registry}/${project.fullName}`;
    await project.configure({ repository: project.fullName, image, signing: "off" });
    await project.git("tag", "--delete", "v1.0.0");
    await project.git("push", "--quiet", "origin", ":refs/tags/v1.0.0");
    await project.write({ "greeting.txt": "Another text.\n" });
    const second = await project.commit("v1.0.0");
    expectRefusal(await refusedRun(project), "TAG_CONFLICT", [first, second]);
  });
});

describe("a release, when something else stands against the version", () => {
  const stories: { name: string; code: string; sides: (project: Project) => Promise<string[]> }[] = [
    {
      name: "git-tag-elsewhere",
      code: "GIT_TAG_CONFLICT",
      async sides(project) {
        const other = await project.commit();
        await project.git("push", "--quiet", "origin", "HEAD:refs/tags/v1.0.0");
        await project.write({ "greeting.txt": "Another text.\n" });
        return [other, await project.commit("v1.0.0")];
      },
    },
    {
      name: "draft-of-a-person",
      code: "DRAFT_FOREIGN",
      async sides(project) {
        await project.commit("v1.0.0");
        await api(`/repos/${project.fullName}/releases`, {
          tag_name: "v1.0.0",
          name: "Big news",
          body: "soon",
          draft: true,
        });
        return ['"Big news"', "draft-of-a-person@1.0.0"];
      },
    },
    {
      name: "commit-not-pushed",
      code: "CONFIGURATION",
      async sides(project) {
        await project.commit();
        await project.git("commit", "--quiet", "--allow-empty", "--message=Not pushed");
        await project.git("tag", "v1.0.0");
        return [await project.git("rev-parse", "HEAD"), "is not in acme/commit-not-pushed on GitHub"];
      },
    },
    {
      name: "signed-by-another",
      code: "CONFIGURATION",
      async sides(project) {
        const workflow = "acme/widgets/.github/workflows/release.yml";
        const ref = "refs/heads/main";
        const job_workflow_ref = `${workflow}@${ref}`;
        sandbox.sigstore.identity.set({ repository: project.fullName, ref, job_workflow_ref });
        await project.configure({
          repository: project.fullName,
          image: `${sandbox.addresses.registry}/${project.fullName}`,
          signing: { issuer: sandbox.sigstore.issuer, workflow },
          sigstore: {
            trustedRoot: relative(project.folder, sandbox.sigstore.trustedRoot),
            signingConfig: relative(project.folder, sandbox.sigstore.signingConfig),
          },
        });
        await project.commit("v1.0.0");
        return [`by ${workflow} at refs/tags/*`, `the signer is ${workflow}@refs/heads/main`];
      },
    },
  ];

  it.each(stories)("refuses $name before anything is built, and names both sides", async ({ name, code, sides }) => {
    const project = await makeProject(sandbox, name);
    const named = await sides(project);
    expectRefusal(await refusedRun(project), code, named);
  });
});

describe("a release, when the input is bad", () => {
  let project: Project;
  const good = (name: string): string => `${sandbox.addresses.registry}/acme/bad-${name}`;
  const unit = (name: string, difference: object): object => ({
    name,
    images: [{ repository: good(name) }],
    signing: "off",
    ...difference,
  });
  const units = (...list: object[]): Record<string, unknown> => ({ repository: "acme/bad", units: list });

  beforeAll(async () => {
    project = await makeProject(sandbox, "bad");
    await project.commit("v1.0.0", "twice-v1.0.0", "twice-v1.0.1");
  });

  it("refuses every value that no release can have, each with its path, before anything is started", async () => {
    await project.configure(
      units(
        unit("host", { images: [{ repository: "acme/bad" }] }),
        unit("prefix", { tags: { prefix: "v/" } }),
        unit("again", { images: [{ name: "one", repository: good("again") }, { repository: good("again") }] }),
        unit("key", { retries: 3 }),
        unit("version", { version: "1.0" }),
        unit("file", { assets: [{ path: "gone.yaml" }] }),
      ),
    );
    expectRefusal(await refusedRun(project), "CONFIGURATION", [
      "6 mistakes",
      '- units[0].images[0].repository = "acme/bad": has no registry in front',
      '- units[1].tags.prefix = "v/": has characters that an OCI tag cannot have',
      "- units[2].images[1].repository",
      "is also the repository of another artifact",
      "- units[3].retries = 3: is no key that Lockstep knows",
      '- units[4].version = "1.0": is no semantic version',
      '- units[5].assets[0].path = "gone.yaml": does not exist',
    ]);
  });

  it("refuses every version and file that does not fit, each with its path, before anything is started", async () => {
    await project.configure(
      units(
        unit("metadata", { version: "1.0.0+5" }),
        unit("early", { version: "1.0.0-rc.1" }),
        unit("dockerfile", { images: [{ repository: good("dockerfile"), dockerfile: "Nope" }] }),
        unit("notes", { notes: { file: "NOTES.md" } }),
        unit("glob", { assets: [{ glob: "dist/*.tgz" }] }),
        unit("twice", {}),
      ),
    );
    expectRefusal(await refusedRun(project), "CONFIGURATION", [
      "6 mistakes",
      '- units[0].version = "1.0.0+5": has build metadata',
      '- units[1].version = "1.0.0-rc.1": is a pre-release, and this lane accepts stable versions only',
      '- units[2].images[0].dockerfile = "Nope": does not exist',
      '- units[3].notes.file = "NOTES.md": does not exist',
      '- units[4].assets[0].glob = "dist/*.tgz": matches no file',
      "are 2 versions of the same unit",
    ]);
  });

  it("refuses a dirty work tree, and a preview of it builds nothing", async () => {
    await project.configure({ repository: "acme/bad", image: good("dirty"), signing: "off" });
    await project.write({ "greeting.txt": "Not committed.\n" });
    expectRefusal(await refusedRun(project), "CONFIGURATION", ["has changes that are not committed"]);
    const history = await sandbox.builder?.history();
    const preview = await project.preview();
    expect(preview.exitCode, preview.output).toBe(0);
    expect(preview.output).toContain("`up` will refuse it");
    expect(await sandbox.builder?.history()).toEqual(history);
    await project.git("checkout", "--quiet", "greeting.txt");
  });

  it("refuses an empty configuration", async () => {
    await project.configureNothing();
    expectRefusal(await refusedRun(project), "CONFIGURATION", ["is empty: no key of `lockstep:` is set"]);
  });
});
