import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

/** Runs an `up` that must be refused, and says what it wrote and built. */
async function refusedRun(project: Project): Promise<{ run: Run; writes: unknown[]; built: number }> {
  const before = (await sandbox.builder?.history())?.length ?? 0;
  const mark = sandbox.journal.mark();
  const run = await project.up();
  const built = ((await sandbox.builder?.history())?.length ?? 0) - before;
  return { run, writes: sandbox.journal.writes(mark), built };
}

async function api(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${sandbox.addresses.api}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.environment["GITHUB_TOKEN"]}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(201);
}

describe("when something else stands under the version", () => {
  const stories: { name: string; code: string; sides: (project: Project) => Promise<string[]> }[] = [
    {
      name: "tag-elsewhere",
      code: "TAG_CONFLICT",
      async sides(project) {
        const first = await project.commit("v1.0.0");
        expect((await project.up()).exitCode).toBe(0);
        await project.git("tag", "--delete", "v1.0.0");
        await project.git("push", "--quiet", "origin", ":refs/tags/v1.0.0");
        await project.write({ "greeting.txt": "Another text.\n" });
        return [first, await project.commit("v1.0.0")];
      },
    },
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
        return ['"Big news"', "widgets@1.0.0".replace("widgets", "draft-of-a-person")];
      },
    },
    {
      name: "other-build-inputs",
      code: "TAG_CONFLICT",
      async sides(project) {
        await project.commit("v1.0.0");
        expect((await project.up()).exitCode).toBe(0);
        await project.configure({
          repository: project.fullName,
          images: [
            { repository: `${sandbox.addresses.registry}/${project.fullName}`, buildArgs: { FLAVOUR: "other" } },
          ],
          signing: "off",
        });
        return ["other build inputs", "with build inputs"];
      },
    },
  ];

  it.each(stories)("refuses $name before anything is built, and names both sides", async ({ name, code, sides }) => {
    const project = await makeProject(sandbox, name);
    const named = await sides(project);
    const { run, writes, built } = await refusedRun(project);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain(`[${code}]`);
    for (const side of named) expect(run.output).toContain(side);
    expect(run.output).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/);
    expect(writes).toEqual([]);
    expect(built).toBe(0);
  });
});

describe("when the input is bad", () => {
  let project: Project;
  const image = (repository: string): Record<string, unknown> => ({
    image: repository,
    signing: "off",
    repository: "acme/bad",
  });
  const good = `${sandbox.addresses.registry}/acme/bad`;

  beforeAll(async () => {
    project = await makeProject(sandbox, "bad");
    await project.commit("v1.0.0");
  });

  it.each([
    { what: "not a semantic version", config: { ...image(good), version: "1.0" }, says: "is no semantic version" },
    { what: "build metadata", config: { ...image(good), version: "1.0.0+5" }, says: "has build metadata" },
    {
      what: "a pre-release on a stable lane",
      config: { ...image(good), version: "1.0.0-rc.1" },
      says: "is a pre-release",
    },
    { what: "an image without registry", config: image("acme/bad"), says: "has no registry in front" },
    {
      what: "bad tag characters",
      config: { ...image(good), tags: { prefix: "v/" } },
      says: "characters that an OCI tag cannot have",
    },
    {
      what: "duplicate names and one repository twice",
      config: { repository: "acme/bad", signing: "off", images: [{ repository: good }, { repository: good }] },
      says: "is the repository of another image too",
    },
    {
      what: "a missing Dockerfile",
      config: { ...image(good), image: undefined, images: [{ repository: good, dockerfile: "Nope" }] },
      says: '"Nope": does not exist',
    },
    {
      what: "missing notes",
      config: { ...image(good), notes: { file: "NOTES.md" } },
      says: '"NOTES.md": does not exist',
    },
    {
      what: "a glob without match",
      config: { ...image(good), assets: [{ glob: "dist/*.tgz" }] },
      says: "matches no file",
    },
    { what: "an unknown key", config: { ...image(good), retries: 3 }, says: "is no key that Lockstep knows" },
  ])("refuses $what before anything is started", async ({ config, says }) => {
    await project.configure(config);
    const { run, writes, built } = await refusedRun(project);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toContain("[CONFIGURATION]");
    expect(run.output).toContain(says);
    expect(run.output).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/);
    expect(writes).toEqual([]);
    expect(built).toBe(0);
  });

  it("reports three mistakes at once, each with its path", async () => {
    await project.configure({ ...image("acme/bad"), version: "one", assets: [{ path: "gone.yaml" }] });
    const { run } = await refusedRun(project);
    expect(run.output).toContain("3 mistakes");
    for (const path of ["image", "version", "assets[0].path"]) expect(run.output).toContain(`- ${path}`);
  });

  it("refuses a dirty work tree, and a preview of it builds nothing", async () => {
    await project.configure(image(good));
    await project.write({ "greeting.txt": "Not committed.\n" });
    const { run, writes, built } = await refusedRun(project);
    expect(run.output).toContain("has changes that are not committed");
    expect([run.exitCode === 0, writes, built]).toEqual([false, [], 0]);
    const history = await sandbox.builder?.history();
    const preview = await project.preview();
    expect(preview.exitCode, preview.output).toBe(0);
    expect(preview.output).toContain("`up` will refuse it");
    expect(await sandbox.builder?.history()).toEqual(history);
    await project.git("checkout", "--quiet", "greeting.txt");
  });

  it("refuses two matching tags at HEAD", async () => {
    await project.configure(image(good));
    await project.git("tag", "v1.0.1");
    const { run } = await refusedRun(project);
    expect(run.output).toContain("are 2 versions of the same unit");
    await project.git("tag", "--delete", "v1.0.1");
  });

  it("refuses an empty configuration", async () => {
    await project.configureNothing();
    const { run } = await refusedRun(project);
    expect(run.output).toContain("is empty: no key of `lockstep:` is set");
  });
});
