import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { versions } from "../../toolchain/machine/versions.mjs";
import { root } from "../code/source-files.ts";
import { files } from "../docs/markdown.ts";

/** The parts of the configuration that name files, in Renovate's form: an expression between slashes, or a glob. */
const Config = z.object({
  "github-actions": z.object({ managerFilePatterns: z.array(z.string()) }),
  customManagers: z.array(
    z.object({
      managerFilePatterns: z.array(z.string()),
      matchStrings: z.array(z.string()),
      depNameTemplate: z.string(),
    }),
  ),
  packageRules: z.array(
    z.object({ matchPackageNames: z.array(z.string()).default([]), enabled: z.boolean().default(true) }),
  ),
});

const config = Config.parse(JSON.parse(await readFile(join(root, "renovate.json"), "utf8")));
const everyFile = await files(["*", "{toolchain,docs}/**/*"]);

function filesOf(patterns: readonly string[]): string[] {
  return everyFile.filter((path) =>
    patterns.some((pattern) => new RegExp(pattern.replaceAll(/^\/|\/$/g, "")).test(path)),
  );
}

describe("renovate.json", () => {
  it("finds the Node that the toolchain installs", async () => {
    const [node] = config.customManagers;
    const [path = "", ...others] = filesOf(node?.managerFilePatterns ?? []);
    expect(others).toEqual([]);
    const found = new RegExp(node?.matchStrings[0] ?? "").exec(await readFile(join(root, path), "utf8"));
    expect(found?.groups?.["currentValue"]).toBe(versions.node);
  });

  it("keeps the actions fresh that the docs name", () => {
    expect(filesOf(config["github-actions"].managerFilePatterns)).toContain("docs/adopt.md");
  });

  it("leaves alone what writes the bytes of a chart's package", async () => {
    const packing = await readFile(join(root, "formats/chart/package/chart-package.ts"), "utf8");
    const used = [...packing.matchAll(/from "([^."][^"]*)"/g)].map(([, name]) => name);
    const left = config.packageRules.filter(({ enabled }) => !enabled).flatMap((rule) => rule.matchPackageNames);
    expect(used).not.toEqual([]);
    expect(used.filter((name) => !left.includes(name ?? ""))).toEqual([]);
  });
});
