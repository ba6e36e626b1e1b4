import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { environment } from "../../toolchain/machine/environment.mjs";
import { toolPaths } from "../../toolchain/machine/tool-paths.mjs";
import { makeUpMachine, type MadeUpMachine } from "./made-up-machine.ts";

const toolchain = fileURLToPath(new URL("../../toolchain", import.meta.url));

/** Stands in the place of fetch() in the process of run.mjs: no test downloads anything. */
const noNetwork = 'globalThis.fetch = async () => { throw new TypeError("no network"); };';

/** A checkout with a copy of the toolchain, an npm that makes node_modules, and every tool in its place but those left out. */
async function makeUpCheckout(leftOut: string[] = []): Promise<MadeUpMachine> {
  const machine = await makeUpMachine();
  machine.nodeVersion = process.versions.node;
  machine.env["NODE_OPTIONS"] = `--import=data:text/javascript,${encodeURIComponent(noNetwork)}`;
  await cp(toolchain, join(machine.checkout, "toolchain"), { recursive: true });
  await writeFile(join(machine.checkout, "package-lock.json"), "{}");
  await machine.addProgram("npm", "mkdir -p node_modules");
  await machine.addProgram("runc", "exit 0");
  for (const name of ["chromium", "postgres", "initdb"]) {
    await machine.addProgram(name, "exit 0");
  }
  const { node, pulumi, dockerBuild, github, registry, buildkitd, buildctl, cosign, gh, ...rest } = toolPaths(machine);
  const plugins = [dockerBuild, github, rest.command];
  const others = [rest.helm, rest.fulcio, rest.rekor, rest.timestampAuthority, rest.olderNode, rest.helmFiles];
  const beside = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].map((name) => join(dirname(pulumi), name));
  for (const file of [node, pulumi, ...beside, ...plugins, registry, buildkitd, buildctl, cosign, gh, ...others]) {
    if (leftOut.some((name) => file.endsWith(name))) {
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "#!/bin/sh\necho someone\\'s own ${0##*/}\n", { mode: 0o755 });
  }
  return machine;
}

function run(machine: MadeUpMachine, ...args: string[]) {
  const script = join(machine.checkout, "toolchain", "run.mjs");
  return execa(process.execPath, [script, ...args], { env: machine.env, extendEnv: false, reject: false });
}

describe("the toolchain's runner, when every tool is there", () => {
  it("runs the command and says nothing itself", async () => {
    const machine = await makeUpCheckout();
    await run(machine, "true"); // npm ci
    const { stdout, stderr, exitCode } = await run(machine, "sh", "-c", "registry; exit 7");
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "someone's own registry", stderr: "", exitCode: 7 });
  });

  it("prints the environment for a shell", async () => {
    const machine = await makeUpCheckout();
    const { stdout } = await run(machine, "--env");
    const { stdout: home } = await execa("sh", ["-c", `${stdout}\necho "$PULUMI_HOME"`]);
    expect(home).toBe(environment(machine).PULUMI_HOME);
  });

  it("prints which tools there are", async () => {
    const machine = await makeUpCheckout();
    const { stdout } = await run(machine);
    expect(stdout).toMatch(/^registry +3\.1\.2 +already there +\/.*\/lockstep\/registry\/3\.1\.2\/registry$/m);
  });
});

describe("the toolchain's runner, when the tools are compared with a list", () => {
  it("prints the list, and then takes it", async () => {
    const machine = await makeUpCheckout();
    const { stdout: list } = await run(machine, "--sums");
    expect(list).toMatch(/^registry=[0-9a-f]{64}$/m);
    machine.env["LOCKSTEP_TOOLS_SHA256"] = list;
    expect(await run(machine, "registry")).toMatchObject({ stdout: "someone's own registry", exitCode: 0 });
  });

  it("runs nothing if a file is not in it, and says how to get on", async () => {
    const machine = await makeUpCheckout();
    machine.env["LOCKSTEP_TOOLS_SHA256"] = "0".repeat(64);
    const { stdout, stderr, exitCode } = await run(machine, "registry");
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toMatch(/^\d+ files of the tools are not in LOCKSTEP_TOOLS_SHA256, so nothing was run:\n/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readdir(machine.checkout)).sort()).toEqual(["package-lock.json", "toolchain"]);
  });

  it("prints a new list though the one that is set is old", async () => {
    const machine = await makeUpCheckout();
    machine.env["LOCKSTEP_TOOLS_SHA256"] = "0".repeat(64);
    expect((await run(machine, "--sums")).exitCode).toBe(0);
  });
});

describe("the toolchain's runner, when a command needs other tools", () => {
  const always = [
    "node",
    "npm packages",
    "registry",
    "pulumi",
    "language host",
    "docker-build plugin",
    "github plugin",
    "buildkit",
    "runc",
    "helm",
  ];
  const forTests = [...always, "command plugin", "chromium", "postgresql", "cosign", "gh"];

  it.each<[string[], string[]]>([
    [[], always],
    [["--for-code"], ["node", "npm packages"]],
    [["--for-stack"], ["node", "npm packages"]],
    [["--for-sandbox"], always.filter((name) => !["github plugin", "helm"].includes(name))],
    [["--for-tests"], forTests],
    [["--for-conformance"], [...forTests, "fulcio", "rekor-server", "timestamp-server", "older node", "helm-files"]],
  ])("%j sees to %j", async (args, names) => {
    const { stdout } = await run(await makeUpCheckout(), ...args);
    expect(stdout.split("\n").map((row) => row.split("  ")[0])).toEqual(names);
  });

  it("reads from the command's own arguments which stack that is", async () => {
    const machine = await makeUpCheckout(["/pulumi-resource-docker-build"]);
    machine.env.PATH = join(machine.folder, "bin"); // without Go nothing can be built
    await machine.addProgram("npm", "/bin/mkdir -p node_modules");
    await machine.addProgram("greet", "echo $*");
    const file = join(machine.folder, "stack.yaml");
    await writeFile(file, "config:\n  lockstep:organization: acme\n");
    const args = ["greet", "up", "--stack", "any", "--config-file", file];
    expect(await run(machine, "--for-stack", ...args)).toMatchObject({ exitCode: 0, stdout: args.slice(1).join(" ") });
    await writeFile(file, "config:\n  lockstep:image: x\n");
    expect(await run(machine, "--for-stack", ...args)).toMatchObject({ exitCode: 1, stdout: "" });
  });

  it("is asked by each script for the tools of its command", async () => {
    const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
    const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
    const without = Object.entries(scripts).filter(([, line]) => /run\.mjs (?!--for-)/.test(line));
    expect(without).toEqual([]);
  });

  it("gets a command as any other does", async () => {
    const { stdout, exitCode } = await run(await makeUpCheckout(), "--for-tests", "sh", "-c", "cosign; exit 7");
    expect({ stdout, exitCode }).toEqual({ stdout: "someone's own cosign", exitCode: 7 });
  });

  it.each([
    [[], 0],
    [["--for-tests"], 1],
  ])("%j with cosign missing and no Go ends with %i", async (args, code) => {
    const machine = await makeUpCheckout(["/cosign"]);
    machine.env.PATH = join(machine.folder, "bin");
    await machine.addProgram("npm", "/bin/mkdir -p node_modules");
    expect((await run(machine, ...args, "/bin/true")).exitCode).toBe(code);
  });
});

describe("the toolchain's runner, when a tool can neither be downloaded nor built", () => {
  it("ends with one short message", async () => {
    const machine = await makeUpCheckout(["/registry"]);
    machine.env.PATH = join(machine.folder, "bin");
    await machine.addProgram("npm", "/bin/mkdir -p node_modules");
    const { stdout, stderr, exitCode } = await run(machine, "true");
    expect({ stdout, exitCode, lines: stderr.split("\n").filter((line) => !line.startsWith("[")) }).toEqual({
      stdout: "",
      exitCode: 1,
      lines: [
        expect.stringMatching(/^official download: https:\/\/github\.com\/distribution\/.*: no network$/),
        "build from source: registry is built from source, and Go is not on PATH",
        expect.stringMatching(/^Install Go 1\.\d+(\.\d+)? or newer \(https:\/\/go\.dev\/dl\)/),
      ],
    });
  });
});
