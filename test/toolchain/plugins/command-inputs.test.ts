import { readFile } from "node:fs/promises";
import command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import {
  checkInputs,
  commandType,
  inputKinds,
  loggings,
  outputNames,
} from "../../../toolchain/plugins/command-inputs.mjs";
import { secret, unknownValue } from "../../../toolchain/plugins/wire-values.mjs";

/** How @pulumi/command writes the kinds of inputs as types. */
const kinds: Record<string, string> = {
  "pulumi.Input<boolean>": "boolean",
  "pulumi.Input<string>": "string",
  "pulumi.Input<pulumi.Input<string>[]>": "list of strings",
  "pulumi.Input<{ [key: string]: pulumi.Input<string>; }>": "map of strings",
  "pulumi.Input<any[]>": "list",
  "pulumi.Input<enums.local.Logging>": "logging",
};

/** Reads the properties of a class or interface from the types of @pulumi/command: their names and types. */
async function propertiesOf(name: string): Promise<[string, string][]> {
  const file = new URL("../../../node_modules/@pulumi/command/local/command.d.ts", import.meta.url);
  const source = ts.createSourceFile("command.d.ts", await readFile(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (one) => (ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one)) && one.name?.text === name,
  ) as ts.ClassDeclaration | ts.InterfaceDeclaration;
  const members: readonly ts.Node[] = found.members;
  return members
    .filter((one) => ts.isPropertyDeclaration(one) || ts.isPropertySignature(one))
    .map((one) => [one.name.getText(), one.type?.getText().replace(/\s+/g, " ") ?? ""]);
}

describe("the command plugin's stand-in", () => {
  it("has the inputs of @pulumi/command's types, each of its kind", async () => {
    const declared = (await propertiesOf("CommandArgs")).map(([name, type]) => [name, kinds[type] ?? type]);
    expect(Object.fromEntries(declared)).toEqual(inputKinds);
  });

  it("has the outputs of @pulumi/command's types", async () => {
    const names = (await propertiesOf("Command")).map(([name]) => name);
    expect(names.filter((name) => !Object.hasOwn(inputKinds, name)).toSorted()).toEqual(outputNames);
  });

  it("has the values of @pulumi/command's logging", () => {
    expect(Object.values(command.types.enums.local.Logging).toSorted()).toEqual(loggings.toSorted());
  });

  it("accepts what @pulumi/command's class sends for its type", async () => {
    const sent: pulumi.runtime.MockResourceArgs[] = [];
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource(args) {
        sent.push(args);
        return { id: args.name, state: {} };
      },
    });
    const resource = new command.local.Command("all", {
      addPreviousOutputInEnv: false,
      archivePaths: ["*.txt"],
      assetPaths: ["*.md"],
      create: "echo create",
      delete: "echo delete",
      dir: "/",
      environment: { NAME: "value" },
      interpreter: ["/bin/sh", "-c"],
      logging: "stderr",
      stdin: "text",
      triggers: ["text", 7, { key: [true] }],
      update: "echo update",
    });
    await new Promise((resolve) => resource.id.apply(resolve));
    expect(sent.map(({ type }) => type)).toEqual([commandType]);
    const [{ inputs }] = sent as [pulumi.runtime.MockResourceArgs];
    expect(Object.keys(inputs).toSorted()).toEqual(Object.keys(inputKinds).toSorted());
    expect(checkInputs(inputs)).toEqual({ inputs, failures: [] });
  });
});

describe("checkInputs", () => {
  it("adds the default of addPreviousOutputInEnv", () => {
    expect(checkInputs({ create: "true" }).inputs).toEqual({ create: "true", addPreviousOutputInEnv: true });
    expect(checkInputs({ addPreviousOutputInEnv: false }).inputs).toEqual({ addPreviousOutputInEnv: false });
  });

  it.each([
    ["a secret", { environment: { TOKEN: secret("t") } }],
    ["a secret map", { environment: secret({ TOKEN: "t" }) }],
    ["an unknown value", { environment: unknownValue, triggers: unknownValue, addPreviousOutputInEnv: unknownValue }],
    ["an unknown value inside", { environment: { NAME: unknownValue }, interpreter: [unknownValue, "-c"] }],
    ["an unknown secret", { create: secret(unknownValue) }],
  ])("accepts %s and keeps it", (_, inputs) => {
    expect(checkInputs(inputs)).toEqual({ inputs: { addPreviousOutputInEnv: true, ...inputs }, failures: [] });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ create: 7 }, "must be a string"],
    [{ create: ["true"] }, "must be a string"],
    [{ environment: { PORT: 8080 } }, "must be a map of strings"],
    [{ environment: ["A=b"] }, "must be a map of strings"],
    [{ interpreter: "/bin/sh" }, "must be a list of strings"],
    [{ assetPaths: [7] }, "must be a list of strings"],
    [{ triggers: "text" }, "must be a list"],
    [{ addPreviousOutputInEnv: "true" }, "must be true or false"],
    [{ logging: "all" }, "must be one of stdout, stderr, stdoutAndStderr, none"],
    [{ read: "true" }, "is not an input of command:local:Command"],
  ])("refuses %j: %s", (inputs, reason) => {
    expect(checkInputs(inputs).failures).toEqual([{ property: Object.keys(inputs)[0], reason }]);
  });
});
