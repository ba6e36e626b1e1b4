import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import type { ReleasedKey } from "../../../toolchain/sources/official-release.mjs";
import type { Tool } from "../../../toolchain/machine/tool.mjs";
import { cosign } from "../../../toolchain/tools/cosign.mjs";
import { gh } from "../../../toolchain/tools/gh.mjs";
import { helm } from "../../../toolchain/tools/helm.mjs";
import { registry } from "../../../toolchain/tools/registry.mjs";
import { fulcio, rekor, timestampAuthority } from "../../../toolchain/tools/sigstore-servers.mjs";
import { goRecipes } from "../../../toolchain/machine/versions.mjs";
import { giveGo, makeUpJob, makeUpMachine, type MadeUpMachine } from "../made-up-machine.ts";

const cases: [ReleasedKey, Tool, file: string][] = [
  ["registry", registry, "registry/3.1.2/registry"],
  ["helm", helm, "helm/4.3.1/helm"],
  ["cosign", cosign, "cosign/3.1.3/cosign"],
  ["gh", gh, "gh/2.96.0/gh"],
  ["fulcio", fulcio, "fulcio/1.8.8/fulcio"],
  ["rekor", rekor, "rekor-tiles/2.3.0/rekor-server"],
  ["timestampAuthority", timestampAuthority, "timestamp-authority/2.1.3/timestamp-server"],
];

/** A machine whose checkout has a module in the tool's place: its one package greets, and needs no other. */
async function machineWithSource(key: ReleasedKey): Promise<MadeUpMachine> {
  const machine = await makeUpMachine();
  giveGo(machine);
  await machine.addGoModule(goRecipes[key].module, {
    "go.mod": `module ${goRecipes[key].packages[0]}\n\ngo 1.21\n`,
    "main.go": `package main\n\nfunc main() { println("made-up ${key}") }\n`,
  });
  return machine;
}

describe("releasedTool, when no download can be reached", () => {
  it.each(cases)("builds %s and puts it where commands find it", async (key, tool, file) => {
    const machine = await machineWithSource(key);
    await tool.install(makeUpJob(machine));
    expect(tool.path(machine)).toBe(join(machine.env.HOME ?? "", ".cache", "lockstep", file));
    expect((await execa(tool.path(machine))).stderr).toBe(`made-up ${key}`);
    expect(tool.found(machine)).toBe("built from source");
  });
});

describe("releasedTool, when Go is missing", () => {
  it.each([
    ["darwin", registry, "registry is built from source, and Go is not on PATH"],
    ["darwin", fulcio, "fulcio is built from source, and Go is not on PATH"],
    ["linux", registry, undefined],
    ["darwin", cosign, undefined],
  ])("on %s fails before anything is touched only if there is no release: %j", async (platform, tool, message) => {
    const machine = await machineWithSource(tool === fulcio ? "fulcio" : "registry");
    const without = { ...machine, platform, env: { ...machine.env, PATH: join(machine.folder, "bin") } };
    const checked = await tool.check?.(without).catch((error: Error) => error.message);
    expect(checked?.split("\n")[0]).toBe(message);
  });
});

describe("releasedTool, when the user's own build is in its place", () => {
  it("uses it as it is", async () => {
    const machine = await makeUpMachine();
    await mkdir(dirname(gh.path(machine)), { recursive: true });
    await writeFile(gh.path(machine), "", { mode: 0o755 });
    expect(gh.found(machine)).toBe("already there");
  });
});
