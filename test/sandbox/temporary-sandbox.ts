import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { writeWhole } from "../../sandbox/host/folder.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import type { Sandbox, SandboxOptions } from "../../sandbox/sandbox.ts";

/** Ports that no other test waits for: one whose sandbox is down for a moment finds its own free again. */
export const anyPorts = { registry: 0, web: 0, sigstore: 0 };

/** A sandbox in a fresh folder, on ports nobody else has. `forget` ends it and removes the folder. */
export async function temporarySandbox(
  options: Partial<SandboxOptions> = {},
): Promise<{ sandbox: Sandbox; forget: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const sandbox = await startSandbox({ folder, builder: false, ports: anyPorts, ...options }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  return {
    sandbox,
    async forget() {
      await sandbox.close();
      await remove();
    },
  };
}

/** Pushes `count` empty commits to `main` of a bare repository, one day apart; returns their SHAs, oldest first. */
export async function pushCommits(gitDir: string, count = 1): Promise<string[]> {
  const tree = (await execa("git", ["--git-dir", gitDir, "hash-object", "-t", "tree", "-w", "--stdin"], { input: "" }))
    .stdout;
  const shas: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const date = `2026-01-0${index + 1}T00:00:00Z`;
    const env = {
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_COMMITTER_DATE: date,
    };
    const parent = shas.at(-1);
    const parents = parent === undefined ? [] : ["-p", parent];
    const args = ["--git-dir", gitDir, "commit-tree", tree, ...parents, "-m", `commit ${index + 1}`];
    shas.push((await execa("git", args, { env })).stdout);
  }
  await execa("git", ["--git-dir", gitDir, "update-ref", "refs/heads/main", shas.at(-1) ?? ""]);
  return shas;
}

/** A build context that copies one file into an empty image. */
export async function writeContext(folder: string, content: string): Promise<void> {
  await writeWhole(join(folder, "Dockerfile"), "FROM scratch\nCOPY greeting /greeting\n");
  await writeWhole(join(folder, "greeting"), content);
}
