import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execa } from "execa";
import { temporarySandbox } from "../sandbox/temporary-sandbox.ts";
import { makeProject } from "../support/project.ts";
import type { Project, Run } from "../support/project.ts";

const { sandbox, forget } = await temporarySandbox({ builder: true });
afterAll(forget);

/** One for each door, with characters that every escaping changes. */
const canaries = { github: 'ghs_canary"github/+%7', registry: 'reg_canary"door/+%7' };

/** A secret as it may be written: plain, and base64-, URL- and JSON-escaped. */
function forms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  // Within a longer text base64 has three alignments; the middle of each survives.
  const shifted = ["a", "ab"].map((before) =>
    Buffer.from(before + secret)
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, base64.slice(0, -4), ...shifted, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

async function textsBelow(folder: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => ({ path: entry.name, text: await readFile(join(entry.parentPath, entry.name), "latin1") })),
  );
}

describe("a release with the most talkative logs", () => {
  let project: Project;
  let runs: Run[];
  const commandLines = new Set<string>();

  beforeAll(async () => {
    sandbox.github.tokens.set(canaries.github, { login: "maintainer", push: true });
    sandbox.registry.passwords.add(canaries.registry);
    project = await makeProject(sandbox, "secret");
    await project.commit("v1.0.0");
    await project.useCredentials(canaries);
    const watch = setInterval(() => {
      void execa("ps", ["-axo", "command="]).then(({ stdout }) =>
        stdout.split("\n").forEach((line) => commandLines.add(line)),
      );
    }, 200);
    const verbose = ["-v=9", "--logtostderr", "--logflow"];
    sandbox.faults.add({
      door: "github",
      method: "POST",
      path: /\/assets\?name=install/,
      when: "before",
      act: { status: 403, body: { message: "Resource not accessible by integration" } },
    });
    runs = [await project.preview(...verbose), await project.up(...verbose), await project.up(...verbose)];
    clearInterval(watch);
  });

  it("was refused once and published then", () =>
    expect(runs.map(({ exitCode }) => exitCode === 0)).toEqual([true, false, true]));

  it.each(Object.entries(canaries))("shows the %s token in no output and no log", (_, secret) => {
    const text = runs.map(({ output }) => output).join("\n");
    expect(text.length).toBeGreaterThan(100_000);
    for (const form of forms(secret)) {
      expect(text.includes(form), form).toBe(false);
    }
  });

  it.each(Object.entries(canaries))("keeps the %s token out of state, history and backups", async (_, secret) => {
    const files = await textsBelow(project.stateFolder);
    expect(files.some(({ path }) => path.includes("history"))).toBe(true);
    for (const { path, text } of files) {
      for (const form of forms(secret)) {
        expect(text.includes(form), `${form} in ${path}`).toBe(false);
      }
    }
  });

  it.each(Object.entries(canaries))("shows the %s token in no command line", (_, secret) => {
    expect([...commandLines].some((line) => line.includes("pulumi"))).toBe(true);
    for (const form of forms(secret)) {
      expect([...commandLines].filter((line) => line.includes(form))).toEqual([]);
    }
  });
});
