import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { goRecipes, versions } from "../../../toolchain/machine/versions.mjs";

const keys = Object.keys(goRecipes) as (keyof typeof goRecipes)[];

/** The version in go.mod of the module that has the tool's code: the one it says, else the one its first package lies in. */
async function requiredVersion(key: keyof typeof goRecipes): Promise<string | undefined> {
  const { module, packages, source } = goRecipes[key];
  const file = new URL(`../../../toolchain/go/${module}/go.mod`, import.meta.url);
  const lines = (await readFile(file, "utf8")).matchAll(/^(?:require |\t)(\S+) (v\S+)$/gm);
  return [...lines].find(([, path]) => `${source?.module ?? packages[0]}/`.startsWith(`${path}/`))?.[2];
}

/** The version of the tool's code: its own, but where it is another project's code behind a bridge. */
function codeVersion(key: keyof typeof goRecipes): string {
  return goRecipes[key].source?.version ?? versions[key];
}

describe("the versions of tools", () => {
  it.each(keys)("%s has the same one in go.mod", async (key) => {
    expect(await requiredVersion(key)).toBe(`v${codeVersion(key)}`);
  });

  it.each(keys)("%s has its content's sum in go.sum", async (key) => {
    const file = new URL(`../../../toolchain/go/${goRecipes[key].module}/go.sum`, import.meta.url);
    expect(await readFile(file, "utf8")).toMatch(new RegExp(` v${codeVersion(key).replaceAll(".", "\\.")} h1:`));
  });

  it.each(keys)("%s gets it stamped into the program", (key) => {
    expect(goRecipes[key].stamps).toMatch(new RegExp(`^-X \\S+=v?${versions[key].replaceAll(".", "\\.")}( |$)`));
  });

  it("has one for helm and for the program with helm's loader", () => {
    expect(versions.helmFiles).toBe(versions.helm);
  });

  it.each([
    ["github", "@pulumi/github"],
    ["dockerBuild", "@pulumi/docker-build"],
    ["command", "@pulumi/command"],
  ] as const)("the %s plugin has the version of the npm package %s", async (key, name) => {
    const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
    expect(versions[key]).toBe(dependencies[name]);
  });
});
