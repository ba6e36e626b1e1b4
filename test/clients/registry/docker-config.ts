import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

/**
 * Makes a folder with this config.json the DOCKER_CONFIG until the test has ended.
 * @param config written as it is where it is a text; undefined leaves the folder empty
 */
export async function useDockerConfig(config: object | string | undefined): Promise<string> {
  const folder = await temporaryFolder();
  if (config !== undefined) {
    await writeFile(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  }
  const before = process.env["DOCKER_CONFIG"];
  process.env["DOCKER_CONFIG"] = folder;
  onTestFinished(() => {
    if (before === undefined) {
      delete process.env["DOCKER_CONFIG"];
    } else {
      process.env["DOCKER_CONFIG"] = before;
    }
  });
  return folder;
}

/**
 * Puts a credential helper `docker-credential-NAME` on PATH until the test has ended.
 * @param script Bourne shell; the key it is asked for comes on standard input
 * @returns the helper's folder
 */
export async function useCredentialHelper(name: string, script: string): Promise<string> {
  const folder = await temporaryFolder();
  const file = join(folder, `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  const before = process.env["PATH"] ?? "";
  process.env["PATH"] = `${folder}${delimiter}${before}`;
  onTestFinished(() => {
    process.env["PATH"] = before;
  });
  return folder;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "docker-config-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
