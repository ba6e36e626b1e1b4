import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { buildWithGo, requireGo } from "../../../toolchain/sources/go-build.mjs";
import { giveGo, makeUpJob, makeUpMachine, type MadeUpMachine } from "../made-up-machine.ts";

const recipe = { module: "greeter", packages: ["example.test/greeter"], stamps: "-X main.version=v1.2.3" };
// Go prints nothing for what it has built before: every run's module is a new one.
const program = `package main\n\n// ${randomUUID()}\nvar version = "unknown"\n\nfunc main() { println("greeter", version) }\n`;

async function machineWithModule(files: Record<string, string> = {}): Promise<MadeUpMachine> {
  const machine = await makeUpMachine();
  const module = { "go.mod": "module example.test/greeter\n\ngo 1.21\n", "main.go": program, ...files };
  await machine.addGoModule("greeter", module);
  return machine;
}

describe("buildWithGo, when a tool is built from source", () => {
  it("puts a program with its version into place", async () => {
    const machine = await machineWithModule();
    giveGo(machine);
    await buildWithGo(makeUpJob(machine), recipe, join(machine.folder, "tool"));
    expect((await execa(join(machine.folder, "tool", "greeter"))).stderr).toBe("greeter v1.2.3");
  });

  it("gives the program the name that the recipe has for it", async () => {
    const machine = await machineWithModule();
    giveGo(machine);
    await buildWithGo(makeUpJob(machine), { ...recipe, program: "welcomer" }, join(machine.folder, "tool"));
    expect((await execa(join(machine.folder, "tool", "welcomer"))).stderr).toBe("greeter v1.2.3");
  });

  it("tells how far it is", async () => {
    const machine = await machineWithModule({ "main.go": `${program}// ${randomUUID()}\n` });
    giveGo(machine);
    const job = makeUpJob(machine);
    await buildWithGo(job, recipe, join(machine.folder, "tool"));
    expect(job.said).toContain("building from source, package 1");
  });
});

describe("buildWithGo, when the source does not compile", () => {
  it("says what the compiler said", async () => {
    const machine = await machineWithModule({ "main.go": "package main\n\nfunc main() { greet() }\n" });
    giveGo(machine);
    const built = buildWithGo(makeUpJob(machine), recipe, join(machine.folder, "tool"));
    await expect(built).rejects.toThrow("main.go:3:15: undefined: greet");
  });

  it("puts nothing into place", async () => {
    const machine = await machineWithModule({ "main.go": "package main\n\nfunc main() { greet() }\n" });
    giveGo(machine);
    await buildWithGo(makeUpJob(machine), recipe, join(machine.folder, "tool")).catch(() => {});
    expect(await readdir(join(machine.folder, "tool"))).toEqual([]);
  });
});

describe("buildWithGo, when a build was interrupted", () => {
  it("is done by the next run", async () => {
    const machine = await machineWithModule();
    giveGo(machine);
    const folder = join(machine.folder, "tool");
    const givenUp = new AbortController();
    const job = makeUpJob(machine, givenUp.signal);
    job.say = (what) => {
      if (what === "building from source") {
        givenUp.abort();
      }
    };
    await expect(buildWithGo(job, recipe, folder)).rejects.toThrow("aborted");
    expect(await readdir(folder)).toEqual([]);
    await buildWithGo(makeUpJob(machine), recipe, folder);
    expect(await readdir(folder)).toContain("greeter");
  });
});

describe("buildWithGo, when Go cannot build it", () => {
  it("says which version to install where Go is missing", async () => {
    const machine = await machineWithModule({ "go.mod": "module example.test/greeter\n\ngo 1.26.0\n" });
    machine.env.PATH = join(machine.folder, "bin");
    await expect(requireGo(machine, recipe)).rejects.toThrow(
      "greeter is built from source, and Go is not on PATH\nInstall Go 1.26.0 or newer (https://go.dev/dl)",
    );
  });

  it("says which version to install where Go is too old", async () => {
    const machine = await machineWithModule({ "go.mod": "module example.test/greeter\n\ngo 1.99\n" });
    giveGo(machine);
    await expect(requireGo(machine, recipe)).rejects.toThrow(/requires go >= 1\.99[\s\S]*Install Go 1\.99 or newer/);
  });
});
