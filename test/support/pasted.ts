import { cp, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { releaseOf } from "./published.ts";

/** A folder with all that a Release has to download, where a reader pastes its commands. */
export interface ReaderFolder {
  /** Runs one command as it stands, in a shell that stops at the first failure; real cosign, gh and sha256sum. */
  paste(command: string): Promise<{ exitCode: number | undefined; output: string }>;
  /** Flips one bit in the middle of a file; called again it is as before. */
  flip(file: string): Promise<void>;
  forget(): Promise<void>;
}

/** Downloads every asset of a Release, and puts the trusted root beside them, which readers get elsewhere. */
export async function readerFolder(sandbox: Sandbox, fullName: string, tag: string): Promise<ReaderFolder> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-reader-"));
  const { assets } = await releaseOf(sandbox, fullName, tag);
  for (const { name, browser_download_url: address } of assets) {
    await writeFile(join(folder, name), Buffer.from(await (await fetch(address)).arrayBuffer()));
  }
  await cp(sandbox.sigstore.trustedRoot, join(folder, "trusted_root.json"));
  const { DOCKER_CONFIG = "" } = sandbox.environment;
  // Any login will do, and gh keeps what it likes to keep in a folder of its own.
  const env = { DOCKER_CONFIG, GH_TOKEN: "none", GH_CONFIG_DIR: folder, GH_NO_UPDATE_NOTIFIER: "1" };
  return {
    async paste(command) {
      const run = await execa("sh", ["-e", "-c", command], { cwd: folder, env, all: true, reject: false });
      return { exitCode: run.exitCode, output: `${command}\n${run.all}` };
    },
    async flip(file) {
      const handle = await open(join(folder, file), "r+");
      try {
        const at = Math.floor((await handle.stat()).size / 2);
        const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
        await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
      } finally {
        await handle.close();
      }
    },
    forget: () => rm(folder, { recursive: true }),
  };
}

/** The commands in the blocks of notes, in their order. */
export function commandsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
}
