import { createHash } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../toolchain/machine/environment.mjs";
import { setUp } from "../../toolchain/set-up.mjs";
import type { Tool } from "../../toolchain/machine/tool.mjs";
import { toolPaths } from "../../toolchain/machine/tool-paths.mjs";
import { readSums, requireKnownFiles, sumsText } from "../../toolchain/tool-sums.mjs";
import { makeUpMachine } from "./made-up-machine.ts";
import type { MadeUpMachine } from "./made-up-machine.ts";

const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
const silent = { write: () => undefined };

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o755 });
}

/** A machine with a registry and a plugin in their places, and nothing else. */
async function withTools(list?: string): Promise<MadeUpMachine> {
  const machine = await makeUpMachine();
  const { registry, dockerBuild } = toolPaths(machine);
  await put(registry, "registry");
  await put(join(dirname(registry), ".lockstep-origin"), "built from source\n");
  await put(dockerBuild, "plugin");
  if (list !== undefined) {
    machine.env["LOCKSTEP_TOOLS_SHA256"] = list;
  }
  return machine;
}

describe("readSums", () => {
  const [a, b] = [sum("a"), sum("b")];

  it.each([
    ["one value", a, [{ sha256: a }]],
    ["values with blanks between", `${a} ${b}`, [{ sha256: a }, { sha256: b }]],
    ["values with commas between", `${a},${b}`, [{ sha256: a }, { sha256: b }]],
    ["a line each, as YAML has it", `\n  ${a}\r\n  ${b}\n`, [{ sha256: a }, { sha256: b }]],
    [
      "names",
      `pulumi=${a}\ngh=${b}`,
      [
        { name: "pulumi", sha256: a },
        { name: "gh", sha256: b },
      ],
    ],
    ["capitals", a.toUpperCase(), [{ sha256: a }]],
  ])("takes %s", (_, text, entries) => {
    expect(readSums(text)).toEqual(entries);
  });

  it.each([
    ["nothing", "", /is empty: fill it in/],
    ["blanks alone", " \n,", /is empty: fill it in/],
    ["a value that is too short", a.slice(1), /is neither a sha256 \(64 hex digits\) nor NAME=sha256/],
    ["a value that is too long", `${a}0`, /is neither a sha256/],
    ["a digest with its algorithm", `sha256:${a}`, /"sha256:[0-9a-f]+" is neither/],
    ["a name alone", "pulumi=", /"pulumi=" is neither/],
    ["one wrong value among others", `${a} pulumi ${b}`, /"pulumi" is neither/],
  ])("refuses %s", (_, text, message) => {
    expect(() => readSums(text)).toThrow(message);
  });
});

describe("comparedFolder", () => {
  const good = `registry=${sum("registry")} ${sum("plugin")}`;

  it("takes what is listed", async () => {
    await expect(requireKnownFiles(await withTools(good))).resolves.toBeUndefined();
  });

  it("takes everything without a list", async () => {
    await expect(requireKnownFiles(await withTools())).resolves.toBeUndefined();
  });

  it("names every file that is not listed, its sha256 and what to do", async () => {
    const machine = await withTools(sum("other"));
    const { registry, dockerBuild } = toolPaths(machine);
    await expect(requireKnownFiles(machine)).rejects.toMatchObject({
      name: "ToolError",
      message: [
        "2 files of the tools are not in LOCKSTEP_TOOLS_SHA256, so nothing was run:",
        `  ${dockerBuild}\n    sha256 ${sum("plugin")}`,
        `  ${registry}\n    sha256 ${sum("registry")}`,
        "If you do not know how a file got there, remove it (`rm FILE`) and run this again: a tool that is missing is fetched or built.",
        "If it is right, for example a new version, add it to the list. On a machine that you trust, `node toolchain/run.mjs --sums` prints the whole list.",
      ].join("\n"),
    });
  });

  it("does not take a listed file under another's name", async () => {
    const machine = await withTools(`registry=${sum("registry")} pulumi=${sum("plugin")}`);
    await expect(requireKnownFiles(machine)).rejects.toThrow(/1 file of the tools is not in .*\n.*docker-build/);
  });

  it.each([
    ["a program of another name, which PATH would find", "registry", "git"],
    ["what Pulumi reads beside a plugin", "dockerBuild", "PulumiPlugin.yaml"],
    ["a program in the folder of a tool that is not wanted", "cosign", "npm"],
    ["a program beside the CLI", "pulumi", "sh"],
  ] as const)("sees %s", async (_, tool, name) => {
    const machine = await withTools(good);
    await put(join(dirname(toolPaths(machine)[tool]), name), "planted");
    await expect(requireKnownFiles(machine)).rejects.toThrow(new RegExp(`/${name}\n    sha256 ${sum("planted")}`));
  });

  it("looks at what a link leads to", async () => {
    const machine = await withTools(good);
    await put(join(machine.folder, "elsewhere"), "planted");
    const { gh } = toolPaths(machine);
    await mkdir(dirname(gh), { recursive: true });
    await symlink(join(machine.folder, "elsewhere"), gh);
    await expect(requireKnownFiles(machine)).rejects.toThrow(new RegExp(`${gh}\n    sha256 ${sum("planted")}`));
  });

  it("looks at our own Node only where it is used", async () => {
    const machine = await withTools(good);
    await put(toolPaths(machine).node, "planted");
    await expect(requireKnownFiles(machine)).resolves.toBeUndefined();
    await expect(requireKnownFiles({ ...machine, nodeVersion: "20.20.2" })).rejects.toThrow(/bin\/node\n/);
  });

  it("takes the list that it prints itself", async () => {
    const machine = await withTools();
    await put(join(dirname(toolPaths(machine).registry), "a b"), "blank");
    const list = await sumsText(machine);
    expect(list.split("\n")).toEqual(
      [sum("blank"), `pulumi-resource-docker-build=${sum("plugin")}`, `registry=${sum("registry")}`].sort(),
    );
    machine.env["LOCKSTEP_TOOLS_SHA256"] = list;
    await expect(requireKnownFiles(machine)).resolves.toBeUndefined();
  });
});

describe("the list of known files, when tools are set up with a list", () => {
  /** The registry as a tool that takes part in set-up. */
  function registryTool(machine: MadeUpMachine, calls: string[], text: string): Tool {
    const place = toolPaths(machine).registry;
    return {
      name: "registry",
      version: "1",
      path: () => place,
      found: () => (calls.includes("installed") ? "made" : undefined),
      check: async () => void calls.push("checked"),
      async install() {
        await put(place, text);
        calls.push("installed");
        return "made";
      },
    };
  }

  it("starts nothing before the files that are there are compared", async () => {
    const machine = await withTools(sum("other"));
    const calls: string[] = [];
    const wanted = [registryTool(machine, calls, "registry")];
    await expect(setUp(machine, { wanted, stream: silent })).rejects.toThrow(/not in LOCKSTEP_TOOLS_SHA256/);
    expect(calls).toEqual([]);
  });

  it("compares a tool that is there though nothing has to be installed", async () => {
    const machine = await withTools(sum("other"));
    await expect(setUp(machine, { wanted: [], stream: silent })).rejects.toThrow(/not in LOCKSTEP_TOOLS_SHA256/);
  });

  it.each([
    ["takes", "new registry", ["registry"], ""],
    ["refuses", "planted registry", [], "1 file of the tools is not in"],
  ])("%s what was installed: %s", async (_, text, uses, message) => {
    const machine = await makeUpMachine();
    machine.env["LOCKSTEP_TOOLS_SHA256"] = sum("new registry");
    const used: string[] = [];
    const tool = registryTool(machine, [], text);
    const next: Tool = {
      ...registryTool(machine, [], ""),
      name: "next",
      path: () => join(machine.folder, "next"),
      async install({ ready }) {
        await ready(tool);
        used.push("registry");
        return "made";
      },
    };
    const said = await setUp(machine, { wanted: [tool, next], stream: silent }).then(
      () => "",
      (error: Error) => error.message,
    );
    expect({ used, said }).toEqual({ used: uses, said: expect.stringContaining(message) });
  });
});

describe("the list of known files, when the environment is made with a list", () => {
  it("does not let Node believe the code that lies in the cache", async () => {
    const machine = await withTools(sum("registry"));
    expect(environment(machine)).toMatchObject({ NODE_DISABLE_COMPILE_CACHE: "1" });
    expect(environment(machine)).not.toHaveProperty("NODE_COMPILE_CACHE");
  });

  it("keeps a folder of your own for it", async () => {
    const machine = await withTools(sum("registry"));
    machine.env["NODE_COMPILE_CACHE"] = "/own";
    expect(environment(machine)).toMatchObject({ NODE_COMPILE_CACHE: "/own" });
  });
});
