import { delimiter, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../../toolchain/machine/environment.mjs";
import { toolPaths } from "../../../toolchain/machine/tool-paths.mjs";
import { makeUpMachine } from "../made-up-machine.ts";

describe("environment, when the machine's own Node is too old", () => {
  it("puts our Node first on PATH", async () => {
    const machine = { ...(await makeUpMachine()), nodeVersion: "20.20.2" };
    expect(environment(machine).PATH.split(delimiter)[0]).toBe(dirname(toolPaths(machine).node));
  });
});

describe("environment, when the machine's own Node is new enough", () => {
  it("leaves it where PATH has it", async () => {
    const machine = await makeUpMachine();
    await machine.addProgram("node", "exit 0");
    machine.nodePath = join(machine.folder, "bin", "node");
    machine.env.PATH = `/nowhere${delimiter}${machine.env.PATH}`;
    const path = environment(machine).PATH.split(delimiter);
    expect(path.indexOf("/nowhere")).toBe(path.indexOf(dirname(machine.nodePath)) - 1);
  });

  it("puts it first where PATH has another one", async () => {
    const machine = await makeUpMachine();
    await machine.addProgram("node", "exit 0");
    expect(environment(machine).PATH.split(delimiter)[0]).toBe(dirname(process.execPath));
  });
});

describe("environment, when a command needs pulumi", () => {
  it("finds the CLI before npm's wrapper of it", async () => {
    const machine = await makeUpMachine();
    const path = environment(machine).PATH.split(delimiter);
    expect(path.indexOf(dirname(toolPaths(machine).pulumi))).toBeLessThan(
      path.indexOf(join(machine.checkout, "node_modules", ".bin")),
    );
  });
});

describe("environment, when a command needs a tool that not every set has", () => {
  it.each(["helm", "cosign", "gh", "fulcio", "rekor", "timestampAuthority"] as const)(
    "finds our %s first",
    async (tool) => {
      const machine = await makeUpMachine();
      const path = environment(machine).PATH.split(delimiter);
      const folder = path.indexOf(dirname(toolPaths(machine)[tool]));
      expect([folder >= 0, folder < path.indexOf(join(machine.folder, "bin"))]).toEqual([true, true]);
    },
  );
});

describe("environment, when the environment is set twice", () => {
  it("does not grow", async () => {
    const machine = await makeUpMachine();
    const once = environment(machine);
    expect(environment({ ...machine, env: { ...machine.env, ...once } })).toEqual(once);
  });
});

describe("environment, when folders are named in the environment", () => {
  it.each([
    ["XDG_CACHE_HOME", "/elsewhere/cache", "registry", "/elsewhere/cache/lockstep/registry/"],
    ["XDG_CACHE_HOME", "", "registry", "HOME/.cache/lockstep/registry/"],
    ["XDG_CACHE_HOME", "relative", "registry", "HOME/.cache/lockstep/registry/"],
    ["PULUMI_HOME", "/elsewhere/pulumi", "pulumi", "/elsewhere/pulumi/versions/"],
    ["PULUMI_HOME", "", "pulumi", "HOME/.pulumi/versions/"],
  ] as const)("%s=%j puts %s into %s…", async (name, value, tool, expected) => {
    const machine = await makeUpMachine();
    machine.env[name] = value;
    expect(toolPaths(machine)[tool].startsWith(expected.replace("HOME", machine.env.HOME ?? ""))).toBe(true);
  });
});
