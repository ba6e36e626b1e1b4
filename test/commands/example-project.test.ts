import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeExampleProject } from "../../commands/example-project.ts";
import type { ExampleHost } from "../../commands/example-project.ts";

/** A sandbox's folder with a bare repository of its GitHub in it. */
async function emptyHost(): Promise<ExampleHost & { gitDir: string }> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-example-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const gitDir = join(folder, "widgets.git");
  await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  return { folder, gitDir, github: { createRepository: async (fullName) => ({ gitDir, fullName }) } };
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await execa("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], { cwd })).stdout;
}

async function commit(clone: string): Promise<string> {
  await writeFile(join(clone, "greeting.txt"), "Hello, Ada\n");
  await git(clone, "commit", "--all", "--quiet", "--message=Greet Ada");
  return git(clone, "rev-parse", "HEAD");
}

const head = (at: string, revision = "HEAD"): Promise<string> => git(at, "rev-parse", `${revision}^{commit}`);

describe("makeExampleProject, when the sandbox starts", () => {
  it("has the example with one commit, its tag, and the same on its GitHub", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const first = await head(clone);
    expect([await head(clone, "v1.0.0"), await head(host.gitDir, "main")]).toEqual([first, first]);
    expect(await git(clone, "status", "--porcelain")).toBe("");
    expect(await git(clone, "rev-list", "--count", "HEAD")).toBe("1");
    expect((await readdir(host.folder)).toSorted()).toEqual(["example", "widgets.git"]);
  });

  it("has the same commit on every machine", async () => {
    const [one, other] = [await makeExampleProject(await emptyHost()), await makeExampleProject(await emptyHost())];
    expect(await head(one)).toBe(await head(other));
  });
});

describe("makeExampleProject, when the sandbox starts again", () => {
  it("has everything as it was", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const before = await head(clone);
    await makeExampleProject(host);
    expect([await head(clone), await head(host.gitDir, "main")]).toEqual([before, before]);
  });

  it("keeps a commit that was pushed", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const own = await commit(clone);
    await git(clone, "tag", "v1.1.0");
    await git(clone, "push", "--quiet", "origin", "main");
    await makeExampleProject(host);
    expect([await head(clone), await head(clone, "v1.1.0"), await head(host.gitDir, "main")]).toEqual([own, own, own]);
  });

  it("keeps a commit that was not pushed, and does not push it", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const first = await head(clone);
    const own = await commit(clone);
    await makeExampleProject(host);
    expect([await head(clone), await head(host.gitDir, "main")]).toEqual([own, first]);
  });

  it("keeps a change that is not committed", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    await writeFile(join(clone, "greeting.txt"), "Hello, nobody\n");
    await makeExampleProject(host);
    expect(await readFile(join(clone, "greeting.txt"), "utf8")).toBe("Hello, nobody\n");
  });

  it("makes a clone that is gone with what was pushed", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const first = await head(clone);
    const own = await commit(clone);
    await git(clone, "push", "--quiet", "origin", "main");
    await rm(clone, { recursive: true });
    await makeExampleProject(host);
    expect([await head(clone), await head(clone, "v1.0.0"), await head(host.gitDir, "main")]).toEqual([
      own,
      first,
      own,
    ]);
    expect(await git(clone, "status", "--porcelain")).toBe("");
  });

  it("pushes the first commit to a GitHub that lost it", async () => {
    const host = await emptyHost();
    const clone = await makeExampleProject(host);
    const first = await head(clone);
    await git(host.gitDir, "update-ref", "-d", "refs/heads/main");
    await commit(clone);
    await makeExampleProject(host);
    expect(await head(host.gitDir, "main")).toBe(first);
  });
});
