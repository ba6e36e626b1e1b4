import { accessSync, constants } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

/** Sets variables of this process until the test has ended; undefined removes one. */
export function useVariables(variables: Readonly<Record<string, string | undefined>>): void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  };
  for (const [name, value] of Object.entries(variables)) {
    set(name, value);
  }
  onTestFinished(() => {
    for (const [name, value] of before) {
      set(name, value);
    }
  });
}

/** Takes helm off PATH until the test has ended. */
export function useNoHelm(): void {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  useVariables({ PATH: folders.filter((folder) => !hasHelm(folder)).join(delimiter) });
}

/**
 * Puts a program in the place of helm until the test has ended.
 * @param script Bourne shell
 */
export async function useOtherHelm(script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "other-helm-"));
  const file = join(folder, "helm");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  useVariables({ PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` });
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
}

function hasHelm(folder: string): boolean {
  try {
    accessSync(join(folder, "helm"), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
