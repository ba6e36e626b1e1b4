import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { GoToolKey } from "../../../toolchain/sources/go-tool.mjs";
import type { Tool } from "../../../toolchain/machine/tool.mjs";
import { cosign } from "../../../toolchain/tools/cosign.mjs";
import { gh } from "../../../toolchain/tools/gh.mjs";
import { registry } from "../../../toolchain/tools/registry.mjs";
import { fulcio, rekor, timestampAuthority } from "../../../toolchain/tools/sigstore-servers.mjs";
import { goRecipes } from "../../../toolchain/machine/versions.mjs";
import { giveGo, makeUpJob, makeUpMachine, type MadeUpMachine } from "../made-up-machine.ts";

const cases: [GoToolKey, Tool, file: string][] = [
  ["registry", registry, "registry/3.1.2/registry"],
  ["cosign", cosign, "cosign/3.1.3/cosign"],
  ["gh", gh, "gh/2.96.0/gh"],
  ["fulcio", fulcio, "fulcio/1.8.8/fulcio"],
  ["rekor", rekor, "rekor-tiles/2.3.0/rekor-server"],
  ["timestampAuthority", timestampAuthority, "timestamp-authority/2.1.3/timestamp-server"],
];

/** A machine whose checkout has a module in the tool's place: its one package greets, and needs no other. */
async function machineWithSource(key: GoToolKey): Promise<MadeUpMachine> {
  const machine = await makeUpMachine(() => true);
  giveGo(machine);
  await machine.addGoModule(goRecipes[key].module, {
    "go.mod": `module ${goRecipes[key].packages[0]}\n\ngo 1.21\n`,
    "main.go": `package main\n\nfunc main() { println("made-up ${key}") }\n`,
  });
  return machine;
}

describe("goTool, when a tool is always built from source", () => {
  it.each(cases)("%s is put where commands find it", async (key, tool, file) => {
    const machine = await machineWithSource(key);
    await tool.install(makeUpJob(machine));
    expect(tool.path(machine)).toBe(join(machine.env.HOME ?? "", ".cache", "lockstep", file));
    expect((await execa(tool.path(machine))).stderr).toBe(`made-up ${key}`);
  });

  it("asks for no download, even where every host answers", async () => {
    const machine = await machineWithSource("cosign");
    await cosign.install(makeUpJob(machine));
    expect([machine.asked, cosign.found(machine)]).toEqual([[], "built from source"]);
  });

  it("says before anything is touched that Go is missing", async () => {
    const machine = await machineWithSource("cosign");
    machine.env.PATH = join(machine.folder, "bin");
    await expect(cosign.check?.(machine)).rejects.toThrow("cosign is built from source, and Go is not on PATH");
  });
});

describe("goTool, when someone has put their own build into its place", () => {
  it("is used as it is", async () => {
    const machine = await makeUpMachine();
    await mkdir(dirname(gh.path(machine)), { recursive: true });
    await writeFile(gh.path(machine), "", { mode: 0o755 });
    expect(gh.found(machine)).toBe("already there");
  });
});
