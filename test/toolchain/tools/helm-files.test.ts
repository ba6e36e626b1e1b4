import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { goRecipes, versions } from "../../../toolchain/machine/versions.mjs";
import { helmFiles } from "../../../toolchain/tools/helm-files.mjs";
import { giveGo, makeUpJob, makeUpMachine, type MadeUpMachine } from "../made-up-machine.ts";

/** A machine whose checkout has another program in this one's place: it needs no other module. */
async function machineWithSource(): Promise<MadeUpMachine> {
  const machine = await makeUpMachine();
  await machine.addGoModule(goRecipes.helmFiles.module, {
    "go.mod": `module ${goRecipes.helmFiles.packages[0]}\n\ngo 1.21\n`,
    "main.go": 'package main\n\nvar version = ""\n\nfunc main() { println("made-up", version) }\n',
  });
  return machine;
}

describe("helmFiles", () => {
  it("is built from this repository, with the version of helm", async () => {
    const machine = await machineWithSource();
    giveGo(machine);
    await helmFiles.install(makeUpJob(machine));
    expect((await execa(helmFiles.path(machine))).stderr).toBe(`made-up v${versions.helm}`);
    expect(helmFiles.found(machine)).toBe("built from source");
  });

  it("says what it needs before anything is touched, if Go is missing", async () => {
    const machine = await machineWithSource();
    machine.env.PATH = join(machine.folder, "bin");
    await expect(helmFiles.check?.(machine)).rejects.toThrow(/^helm-files is built from source, and Go is not on PATH/);
  });
});
