import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWhole } from "./host/folder.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * The variables that a shell needs to release into a sandbox: the sandbox's own environment, a Pulumi state folder in it, and the
 * PATH and PULUMI_HOME of this process.
 */
export function shellEnvironment({
  folder,
  environment,
}: Pick<Sandbox, "folder" | "environment">): Record<string, string> {
  const { PATH = "", PULUMI_HOME } = process.env;
  return {
    ...environment,
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PATH,
    ...(PULUMI_HOME === undefined ? {} : { PULUMI_HOME }),
  };
}

/** Writes `folder/env`, one `NAME='value'` a line, readable by its owner only (it has the token). Returns its path. */
export async function writeEnvironmentFile(sandbox: Pick<Sandbox, "folder" | "environment">): Promise<string> {
  await mkdir(join(sandbox.folder, "state"), { recursive: true });
  const file = join(sandbox.folder, "env");
  const lines = Object.entries(shellEnvironment(sandbox)).map(([name, value]) => `${name}=${quoted(value)}\n`);
  await writeWhole(file, lines.join(""), 0o600);
  return file;
}

/** Puts a value in single quotes. A quote in it closes them, is escaped, and opens them again. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
