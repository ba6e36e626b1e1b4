import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/** Where an image is built from, both paths as the builder is told them. */
export interface BuildSource {
  context: string;
  dockerfile: string;
}

/**
 * sha256 over every file that a builder would be sent: path, mode and bytes, without what .dockerignore leaves out.
 *
 * docker-build compares such a hash of its own with the one in its state, and no resource option makes it leave that out; so this one says
 * beforehand whether it would want to build a published image again. It may tell two folders apart that docker-build takes for the
 * same, never the other way round.
 * Source: Docker's .dockerignore rules, with DOCKERFILE.dockerignore before CONTEXT/.dockerignore.
 * @returns hex, 64 digits
 */
export async function sourceHash({ context, dockerfile }: BuildSource): Promise<string> {
  const rules = (await textOf(`${dockerfile}.dockerignore`)) ?? (await textOf(join(context, ".dockerignore"))) ?? "";
  const filter = dockerignore.default().add(rules);
  const hash = createHash("sha256").update(await readFile(dockerfile));
  for (const path of (await filesBelow(context)).toSorted()) {
    if (filter.ignores(path)) {
      continue;
    }
    const { mode } = await lstat(join(context, path));
    hash.update(`\0${path}\0${mode.toString(8)}\0`);
    if ((mode & 0o170000) === 0o120000) {
      hash.update(await readlink(join(context, path)));
    } else {
      for await (const chunk of createReadStream(join(context, path))) {
        hash.update(chunk as Buffer);
      }
    }
  }
  return hash.digest("hex");
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "x").length - 1));
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
}
