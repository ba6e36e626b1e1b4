import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { versions } from "../../toolchain/machine/versions.mjs";
import { root } from "../code/source-files.ts";

describe(".node-version", () => {
  it("names the Node that the toolchain installs", async () => {
    expect(await readFile(join(root, ".node-version"), "utf8")).toBe(`${versions.node}\n`);
  });
});
