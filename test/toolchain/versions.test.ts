import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { goRecipes, versions } from "../../toolchain/versions.mjs";

const keys = Object.keys(goRecipes) as (keyof typeof goRecipes)[];

/** The module whose version is the tool's own: the required one that its first package lies in. */
async function requiredVersion(key: keyof typeof goRecipes): Promise<string | undefined> {
  const { module, packages } = goRecipes[key];
  const file = new URL(`../../toolchain/go/${module}/go.mod`, import.meta.url);
  const lines = (await readFile(file, "utf8")).matchAll(/^(?:require |\t)(\S+) (v\S+)$/gm);
  return [...lines].find(([, path]) => `${packages[0]}/`.startsWith(`${path}/`))?.[2];
}

describe("when a tool's version is changed", () => {
  it.each(keys)("%s has the same one in go.mod", async (key) => {
    expect(await requiredVersion(key)).toBe(`v${versions[key]}`);
  });

  it.each(keys)("%s has its content's sum in go.sum", async (key) => {
    const file = new URL(`../../toolchain/go/${goRecipes[key].module}/go.sum`, import.meta.url);
    expect(await readFile(file, "utf8")).toMatch(new RegExp(` v${versions[key].replaceAll(".", "\\.")} h1:`));
  });

  it.each(keys)("%s gets it stamped into the program", (key) => {
    expect(goRecipes[key].stamps).toMatch(new RegExp(`^-X \\S+=v?${versions[key].replaceAll(".", "\\.")}( |$)`));
  });
});
