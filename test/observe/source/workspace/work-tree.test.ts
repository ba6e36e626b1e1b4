import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { observeWorkTree } from "../../../../observe/source/workspace/work-tree.ts";

let folder: string;
let workspace: string;
let realGit: string;
const git = (...args: string[]) =>
  execa("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], { cwd: workspace });

beforeAll(async () => {
  realGit = (await execa("sh", ["-c", "command -v git"])).stdout;
  folder = await mkdtemp(join(tmpdir(), "lockstep-work-tree-"));
  workspace = join(folder, "workspace");
  await mkdir(workspace);
  await git("init", "--quiet");
  await writeFile(join(workspace, "a.txt"), "a");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=One");
  await git("tag", "v1.0.0");
  await writeFile(join(workspace, "b.txt"), "b");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("observeWorkTree", () => {
  it("says commit, tags and what is not committed", async () => {
    const { workTree, mistakes } = await observeWorkTree(workspace);
    const commit = (await git("rev-parse", "HEAD")).stdout;
    expect({ workTree, mistakes }).toEqual({
      workTree: {
        commit,
        commitTime: expect.any(Number),
        tags: ["v1.0.0"],
        messages: new Map(),
        changed: ["?? b.txt"],
      },
      mistakes: [],
    });
  });

  it("says what annotated tags say below their title, and nothing of the commit's message", async () => {
    await git("commit", "--quiet", "--allow-empty", "--message=Two", "--message=The commit's own words");
    onTestFinished(async () => void (await git("reset", "--quiet", "--soft", "HEAD^")));
    const head = (await git("rev-parse", "HEAD")).stdout;
    await git("tag", "light");
    await git("tag", "--annotate", "--message=app 1.2.3", "titled");
    await git(
      "tag",
      "--annotate",
      "--cleanup=whitespace",
      "--message=app 1.2.3",
      "--message=## Fixed\n\n- it\n- more",
      "told",
    );
    const tagger = `object ${head}\ntype commit\ntag signed\ntagger Ada <ada@example.org> 1767323045 +0000`;
    const signature = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----";
    const input = `${tagger}\n\napp 1.2.3\n\nSigned words\n${signature}\n`;
    const made = await execa("git", ["hash-object", "-t", "tag", "-w", "--stdin"], { cwd: workspace, input });
    await git("update-ref", "refs/tags/signed", made.stdout);
    const { workTree } = await observeWorkTree(workspace);
    expect(workTree?.tags).toEqual(["light", "signed", "titled", "told"]);
    expect([...(workTree?.messages ?? [])]).toEqual([
      ["signed", "Signed words"],
      ["told", "## Fixed\n\n- it\n- more"],
    ]);
  });

  it("gets no token", async () => {
    vi.stubEnv("GITHUB_TOKEN", "ghp_0123456789");
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "eyJ0123456789");
    vi.stubEnv("GH_PAT", "ghp_0123456789");
    vi.stubEnv("FLAVOUR", "kept");
    onTestFinished(() => void vi.unstubAllEnvs());
    await mkdir(join(folder, "bin"));
    await script("bin/git", `env >> "${folder}/environment"\nexec "${realGit}" "$@"`);
    vi.stubEnv("PATH", [join(folder, "bin"), process.env["PATH"]].join(delimiter));
    expect((await observeWorkTree(workspace)).mistakes).toEqual([]);
    const environment = await readFile(join(folder, "environment"), "utf8");
    expect(environment).toContain("FLAVOUR=kept\n");
    expect(environment).not.toMatch(/0123456789/);
  });

  it("keeps its settings from the environment", async () => {
    vi.stubEnv("GIT_CONFIG_COUNT", "1");
    vi.stubEnv("GIT_CONFIG_KEY_0", "status.showUntrackedFiles");
    vi.stubEnv("GIT_CONFIG_VALUE_0", "no");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await observeWorkTree(workspace)).workTree?.changed).toEqual([]);
  });

  it("runs no file monitor that the repository names", async () => {
    await git("config", "core.fsmonitor", await script("monitor", `touch "${folder}/ran"`));
    await observeWorkTree(workspace);
    await expect(access(join(folder, "ran"))).rejects.toThrow(/ENOENT/);
  });
});
