import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./source-files.ts";

const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin/oxlint");

/** Where it would stand, what it says, and whether the way of the data allows it. */
const cases: readonly [path: string, code: string, allowed: boolean][] = [
  ["errors/made-up.ts", 'import { tagName } from "../formats/release/tag-pattern.ts";', false],
  ["errors/made-up.ts", 'import { readFile } from "node:fs/promises";', false],
  ["formats/made-up.ts", 'import { ReleaseError } from "../errors/release-error.ts";', false],
  ["formats/made-up.ts", 'import type { Image } from "../config/artifact/image.ts";', false],
  ["formats/made-up.ts", 'import { parse } from "semver";', true],
  ["config/made-up.ts", 'import type { Mistake } from "../errors/configuration-error.ts";', true],
  ["config/made-up.ts", 'import { tagName } from "../formats/release/tag-pattern.ts";', true],
  ["config/made-up.ts", 'import { Name } from "./names.ts";', true],
  ["config/made-up.ts", 'import { planVersion } from "../plan/project/version.ts";', false],
  ["config/made-up.ts", 'import type { WorkTree } from "../observe/source/workspace/work-tree.ts";', false],
  ["config/made-up.ts", 'import { readFile } from "node:fs/promises";', false],
  ["observe/source/made-up.ts", 'import type { Outline } from "../../config/release/outline.ts";', true],
  ["observe/source/made-up.ts", 'import { execa } from "execa";', true],
  ["observe/source/made-up.ts", 'import { gitHub } from "../../clients/github/github.ts";', false],
  ["observe/published/made-up.ts", 'import { gitHub } from "../../clients/github/github.ts";', true],
  ["observe/published/made-up.ts", 'import { planVersion } from "../../plan/project/version.ts";', false],
  ["observe/published/made-up.ts", 'import { request } from "node:https";', false],
  ["observe/published/made-up.ts", 'export const page = await fetch("http://127.0.0.1");', false],
  ["plan/made-up.ts", 'import type { WorkTree } from "../observe/source/workspace/work-tree.ts";', true],
  ["plan/made-up.ts", 'import { observeWorkTree } from "../observe/source/workspace/work-tree.ts";', false],
  ["plan/made-up.ts", 'import type { Release } from "../clients/github/release/releases.ts";', false],
  ["plan/made-up.ts", 'import { createHash } from "node:crypto";', true],
  ["plan/made-up.ts", 'import { readFile } from "node:fs/promises";', false],
  ["plan/made-up.ts", 'import { execa } from "execa";', false],
  ["plan/made-up.ts", 'export const page = await fetch("http://127.0.0.1");', false],
  ["clients/made-up.ts", 'import { ServerRefusal } from "../errors/server-refusal.ts";', true],
  ["clients/made-up.ts", 'import { request } from "node:https";', true],
  ["clients/made-up.ts", 'import { Client } from "pg";', true],
  ["plan/made-up.ts", 'import { Client } from "pg";', false],
  ["providers/made-up.ts", 'import { Client } from "pg";', false],
  ["clients/made-up.ts", 'export const page = await fetch("http://127.0.0.1");', true],
  ["clients/made-up.ts", 'import type { Image } from "../config/artifact/image.ts";', false],
  ["clients/made-up.ts", 'import type { Provider } from "../providers/host/provider.ts";', false],
  ["providers/made-up.ts", 'import { gitHub } from "../clients/github/github.ts";', true],
  ["providers/made-up.ts", 'import { tagName } from "../formats/release/tag-pattern.ts";', true],
  ["providers/made-up.ts", 'import type { ReleasePlan } from "../plan/release/release.ts";', false],
  ["providers/made-up.ts", 'import { packageChart } from "../packaging/packaged-chart.ts";', true],
  ["providers/made-up.ts", 'import { observeChart } from "../observe/source/artifact/chart-files.ts";', false],
  ["observe/source/made-up.ts", 'import type { Provider } from "../../providers/host/provider.ts";', false],
  ["providers/made-up.ts", 'import type { Image } from "../config/artifact/image.ts";', false],
  ["providers/made-up.ts", 'import { connect } from "node:net";', false],
  ["providers/made-up.ts", 'import * as pulumi from "@pulumi/pulumi";', false],
  ["providers/host/engine-watch.ts", 'import { connect } from "node:net";', true],
  ["providers/host/engine-watch.ts", 'import type { ReleasePlan } from "../../plan/release/release.ts";', false],
  ["resources/made-up.ts", 'import * as pulumi from "@pulumi/pulumi";', true],
  ["resources/made-up.ts", 'import { planText } from "../plan/release/plan-text.ts";', true],
  ["resources/made-up.ts", 'import type { GitTagInputs } from "../providers/release/git-tag.ts";', true],
  ["resources/made-up.ts", 'import { gitTagProvider } from "../providers/release/git-tag.ts";', false],
  ["resources/made-up.ts", 'import { gitHub } from "../clients/github/github.ts";', false],
  ["resources/made-up.ts", 'import { createReadStream } from "node:fs";', false],
  ["resources/made-up.ts", 'import { connect } from "node:net";', false],
  ["resources/made-up.ts", 'export const page = await fetch("http://127.0.0.1");', false],
  ["programs/made-up.ts", 'import { ReleaseTrain } from "../resources/release/release-train.ts";', true],
  ["programs/made-up.ts", 'import { startSandbox } from "../sandbox/sandbox.ts";', false],
  ["programs/made-up.ts", 'import { gitTagProvider } from "../providers/release/git-tag.ts";', false],
  ["commands/made-up.ts", 'import { startSandbox } from "../sandbox/sandbox.ts";', true],
  ["commands/made-up.ts", 'import { ReleaseTrain } from "../resources/release/release-train.ts";', false],
  ["commands/made-up.ts", 'import type { GitTagInputs } from "../providers/release/git-tag.ts";', false],
  ["sandbox/made-up.ts", 'import { ReleaseError } from "../errors/release-error.ts";', false],
  ["sandbox/github/made-up.ts", 'import type { Release } from "../../clients/github/release/releases.ts";', false],
  ["sandbox/github/made-up.ts", 'import { openDoor } from "../door/door.ts";', true],
  ["toolchain/made-up.mjs", 'import { ReleaseError } from "../errors/release-error.ts";', false],
  ["plan/made-up.ts", 'export { gitHub } from "../clients/github/github.ts";', false],
  ["plan/made-up.ts", 'import { units } from "../index.ts";', false],
  ["plan/made-up.ts", "export default 1;", false],
  ["plan/made-up.ts", 'import { readFile } from "fs/promises";', false],
  ["plan/made-up.ts", "export const MADE_UP = 1;", false],
  ["sandbox/made-up.ts", "export const MADE_UP = 1;", false],
  ["plan/made-up.ts", "export const { MADE_UP } = { MADE_UP: 1 };", true],
  ["plan/made-up.ts", "export const one = (a: boolean): number => { if (a) return 1; return 2; };", false],
  ["vitest.config.ts", "export default {};", true],
];

const rules = [
  "dialect(constant-names)",
  "eslint(curly)",
  "eslint(no-restricted-imports)",
  "eslint(no-restricted-globals)",
  "import(no-default-export)",
  "unicorn(prefer-node-protocol)",
];

const rulesOfTheCheckout = `export { default } from ${JSON.stringify(join(root, "oxlint.config.ts"))};\n`;
let folder = "";
const complaints = new Map<string, string[]>();

/** Each case in a folder of its own beside a copy of the rules, so that one run of the linter judges all of them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imports-"));
  for (const [index, [path, code]] of cases.entries()) {
    const file = join(folder, `case-${index}`, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(join(folder, `case-${index}`, "oxlint.config.ts"), rulesOfTheCheckout);
    await writeFile(file, `${code}\n`);
  }
  const { stdout } = await execa(process.execPath, [oxlint, "--format", "json"], { cwd: folder, reject: false });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics.filter((found) => rules.includes(found.code))) {
    const at = filename.split("/")[0] ?? "";
    complaints.set(at, [...(complaints.get(at) ?? []), code]);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("the layer rules, when code goes against the way of the data", () => {
  it.each(
    cases
      .map(([path, code, allowed], index) => ({ path, code, allowed, at: `case-${index}` }))
      .filter(({ allowed }) => !allowed),
  )("the linter refuses in $path: $code", ({ at }) => {
    expect(complaints.get(at)).toHaveLength(1);
  });
});

describe("the layer rules, when code goes the way of the data", () => {
  it.each(
    cases
      .map(([path, code, allowed], index) => ({ path, code, allowed, at: `case-${index}` }))
      .filter(({ allowed }) => allowed),
  )("the linter takes in $path: $code", ({ at }) => {
    expect(complaints.get(at)).toBeUndefined();
  });
});
