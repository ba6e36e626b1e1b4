import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localServer } from "../clients/local-server.ts";
import { startPostgres } from "../support/postgres.ts";
import type { Postgres } from "../support/postgres.ts";

const checkout = new URL("../..", import.meta.url).pathname;

/** Each run of the program asks here once, and goes on when it is answered. */
const asking: ServerResponse[] = [];
let arrived = (): void => {};
const gate = await localServer((_, response) => {
  asking.push(response);
  arrived();
});

let postgres: Postgres;
let url: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-twin-"));
  await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: twin\nruntime: nodejs\n");
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "program.js" }));
  // What a release sums up: no units.
  const program = `export const units = {};\nexport const value = await (await fetch("http://${gate.address}")).text();\n`;
  await writeFile(join(folder, "program.js"), program);
  postgres = await startPostgres();
  url = await postgres.database("state");
  await run("pulumi", ["stack", "init", "prod"]);
});
afterAll(async () => {
  await gate.close();
  await postgres.end();
  await rm(folder, { recursive: true });
});

function run(command: string, args: string[]) {
  const env = {
    PULUMI_BACKEND_URL: url,
    PULUMI_CONFIG_PASSPHRASE: "",
    // The runner of these tests may itself be a workflow.
    GITHUB_ACTIONS: "",
  };
  return execa(command, args, { cwd: folder, env, all: true, reject: false });
}

const release = (...args: string[]) =>
  run("node", [join(checkout, "commands/main.ts"), "release", "--stack", "prod", ...args]);

/** Starts a run and waits until its program asks. */
async function startTwin() {
  const there = new Promise<void>((resolve) => (arrived = resolve));
  const twin = run("pulumi", ["up", "--yes", "--skip-preview", "--stack", "prod", "--non-interactive"]);
  await Promise.race([there, twin.then(({ all }) => Promise.reject(new Error(all)))]);
  // A promise that is returned would be waited for.
  return { twin };
}

const locks = () => postgres.query(url, "SELECT key FROM pulumi_state WHERE key LIKE '%/locks/%'");

/** What Pulumi's words give of the locks: in a process of its own, because they are of the project in the current folder. */
async function locksInWords(): Promise<unknown> {
  const script = `import { locksBehindPulumi } from "${checkout}commands/stack/lock-backend.ts";
    process.stdout.write(JSON.stringify(await locksBehindPulumi("prod", {}).list()));`;
  return JSON.parse((await run("node", ["--input-type=module", "--eval", script])).stdout);
}

describe("a release, when another run works on its stack in PostgreSQL", () => {
  it("the release names the holder and does nothing, and the run loses nothing", async () => {
    const { twin } = await startTwin();
    arrived = () => asking.pop()?.end("the release's");
    for (const args of [[], ["--break-lock", "--lock-age", "1m"]]) {
      const { exitCode, all } = await release(...args);
      expect(exitCode, all).toBe(1);
      expect(all).toContain("taking the stack prod failed [STACK_LOCKED]");
      expect(all).toContain(`@${hostname()} (process ${twin.pid}) has it since`);
    }
    expect(await locks()).toHaveLength(1);
    expect(await locksInWords()).toMatchObject([{ pid: twin.pid, hostname: hostname() }]);
    asking.shift()?.end("the run's own");
    expect((await twin).exitCode).toBe(0);
    expect(await locksInWords()).toEqual([]);
    expect((await run("pulumi", ["stack", "output", "value", "--stack", "prod"])).stdout).toBe("the run's own");
  });

  it("the release takes the stack once the run was killed", async () => {
    const { twin } = await startTwin();
    twin.kill("SIGKILL");
    await twin;
    expect(await locks()).toHaveLength(1);
    arrived = () => asking.pop()?.end("the release's");
    const { exitCode, all } = await release();
    expect(exitCode, all).toBe(0);
    expect(await locks()).toEqual([]);
  });
});
