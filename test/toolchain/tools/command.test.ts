import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toolPaths } from "../../../toolchain/machine/tool-paths.mjs";
import { command } from "../../../toolchain/tools/command.mjs";
import { makeUpJob, makeUpMachine, type MadeUpMachine } from "../made-up-machine.ts";

const plugins = fileURLToPath(new URL("../../../toolchain/plugins", import.meta.url));

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o755 });
}

describe("command, when Pulumi's download host does not answer", () => {
  /** A machine with the stand-in of a checkout in which each script is its own name. */
  async function withStandIn(): Promise<MadeUpMachine> {
    const machine = await makeUpMachine();
    for (const script of await readdir(plugins)) {
      await put(join(machine.checkout, "toolchain", "plugins", script), script);
    }
    await command.install(makeUpJob(machine));
    return machine;
  }

  it("puts the stand-in there, with all that it imports", async () => {
    const machine = await withStandIn();
    expect(command.found(machine)).toBe("this checkout");
    const folder = dirname(toolPaths(machine).command);
    const imports = new Set<string>();
    for (const waiting = ["command-provider.mjs"]; waiting.length > 0;) {
      const text = await readFile(join(plugins, waiting.pop() ?? ""), "utf8");
      const names = [...text.matchAll(/ from "\.\/(.+)"/g)].map(([, name = ""]) => name);
      waiting.push(...names.filter((name) => !imports.has(name)));
      names.forEach((name) => imports.add(name));
    }
    const own = [".lockstep-origin", "lockstep-command-provider.mjs", "pulumi-resource-command"];
    expect((await readdir(folder)).toSorted()).toEqual([...own, ...imports].toSorted());
  });

  it("puts a newer one there when the checkout has it", async () => {
    const machine = await withStandIn();
    await put(join(machine.checkout, "toolchain", "plugins", "command-process.mjs"), "newer");
    expect(command.found(machine)).toBeUndefined();
    await command.install(makeUpJob(machine));
    expect(command.found(machine)).toBe("this checkout");
  });

  it("leaves the official plugin that is in its place", async () => {
    const machine = await makeUpMachine();
    await put(toolPaths(machine).command, "official");
    expect(command.found(machine)).toBe("already there");
  });

  it("gives way to the official plugin once the host answers", async () => {
    const machine = await withStandIn();
    const { pulumi: cli, command: plugin } = toolPaths(machine);
    machine.fetch = async () => new Response();
    // As Pulumi: a plugin that is in its place is left as it is.
    await put(
      cli,
      `#!/bin/sh\n[ -e '${dirname(plugin)}' ] || { mkdir '${dirname(plugin)}'; echo official > '${plugin}'; chmod +x '${plugin}'; }`,
    );
    await command.install(makeUpJob(machine));
    expect([command.found(machine), await readFile(plugin, "utf8")]).toEqual(["official download", "official\n"]);
  });
});
