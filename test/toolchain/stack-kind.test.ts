import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { readStackConfig } from "../../commands/stack/stack-config.ts";
import { isOrganization } from "../../config/organization/organization.ts";
import { configKind, configuresChart, stackHasChart, stackKind } from "../../toolchain/stack-kind.mjs";
import { sandboxTools, stackTools } from "../../toolchain/tool-sets.mjs";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const organization = "config:\n  lockstep:organization: acme\n";
const releases = "config:\n  lockstep:repository: acme/widgets\n";
const charts = `${releases}  lockstep:charts: charts/*\n`;

/** A folder with the files of the stacks `org`, `prod` and `charts`, and one of another form. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-stacks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "Pulumi.org.yaml"), organization);
  await writeFile(join(folder, "Pulumi.prod.yaml"), releases);
  await writeFile(join(folder, "Pulumi.charts.yaml"), charts);
  await writeFile(join(folder, "Pulumi.flow.yaml"), "config: { lockstep:organization: acme }\n");
  return folder;
}

describe("configKind", () => {
  it.each([
    ["an organization", organization, "organization"],
    ["a release", releases, "releases"],
    ["a quoted key", 'config:\n  "lockstep:organization": acme\n', "organization"],
    ["a key without the project's name", "config:\n  organization: acme\n", "organization"],
    [
      "a later key",
      "config:\n    lockstep:packages:\n        rules: []\n    lockstep:organization: acme\n",
      "organization",
    ],
    [
      "a comment",
      "config:\n  # lockstep:organization: acme\n  lockstep:image: x # lockstep:organization: y\n",
      "releases",
    ],
    ["a key of another depth", "config:\n  lockstep:a:\n    lockstep:organization: acme\n", "releases"],
    ["a key of another block", `${releases}other:\n  lockstep:organization: acme\n`, "releases"],
    ["text in a value", "config:\n  lockstep:notes: |\n    lockstep:organization: acme\n\n    more\n", "releases"],
    ["a list below its key", "config:\n  lockstep:assets:\n  - path: a\n  lockstep:license: MIT\n", "releases"],
    ["line ends of Windows", organization.replaceAll("\n", "\r\n"), "organization"],
    ["a byte order mark", `\uFEFF${organization}`, "organization"],
    ["other text before", `# a comment\nencryptionsalt: v1:a\n${organization}`, "organization"],
    ["a flow mapping", "config: {lockstep:organization: acme}\n", "unclear"],
    ["JSON", '{"config": {"lockstep:organization": "acme"}}', "unclear"],
    ["a merge", "config:\n  <<: *all\n", "unclear"],
    ["no key", "config:\n", "unclear"],
    ["no configuration", "encryptionsalt: v1:a\n", "unclear"],
    ["nothing", "", "unclear"],
  ])("of %s", (_, text, kind) => {
    expect(configKind(text)).toBe(kind);
  });

  it("agrees with the program on every stack's file in the checkout", async () => {
    const files = (await readdir(checkout)).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const expected = isOrganization(await readStackConfig(join(checkout, file))) ? "organization" : "releases";
      expect([file, stackKind(["--config-file", file, "--stack", "any"], checkout)]).toEqual([file, expected]);
    }
  });
});

describe("stackKind", () => {
  it.each([
    [[], "none"],
    [["--help"], "none"],
    [["--stack", "prod", "--help"], "none"],
    [["-h", "-s", "prod"], "none"],
    [["--stack", "prod", "--", "--help"], "releases"],
    [["-sorg"], "organization"],
    [["--yes", "--stack", "org", "--target", "urn:a"], "organization"],
    [["--stack"], "none"],
    [["--config-file", "Pulumi.org.yaml"], "none"],
    [["up", "--stack", "org"], "organization"],
    [["up", "-s", "prod"], "releases"],
    [["--stack=acme/lockstep/org"], "organization"],
    [["--stack", "org", "--config-file", "Pulumi.prod.yaml"], "releases"],
    [["--stack", "prod", "--config-file=Pulumi.org.yaml"], "organization"],
    [["--stack", "prod", "--config", "lockstep:organization=acme"], "organization"],
    [["--stack", "flow"], "unclear"],
    [["--stack", "missing"], "unclear"],
    [["--stack", "prod", "--stack", "org"], "organization"],
  ] as const)("of %j is %s", async (args, kind) => {
    expect(stackKind(args, await makeFolder())).toBe(kind);
  });
});

describe("configuresChart", () => {
  it.each<[boolean, string, string]>([
    [true, "a list of charts", charts],
    [true, "one chart", "config:\n  lockstep:chart: chart\n"],
    [true, "a key without the project's name", "config:\n  charts: charts/*\n"],
    [true, "a unit with charts", "config:\n  lockstep:units:\n    - name: app\n      charts:\n        - path: chart\n"],
    [true, "a unit that begins with them", "config:\n  lockstep:units:\n    - charts: chart\n"],
    [true, "a flow mapping", "config: {lockstep:units: [{name: app, charts: [chart]}]}\n"],
    [true, "JSON", '{"config":{"lockstep:charts":["charts/*"]}}'],
    [true, "a quoted key", "config:\n  'lockstep:charts' : charts/*\n"],
    [true, "line ends of Windows", charts.replaceAll("\n", "\r\n")],
    [false, "no chart", releases],
    [false, "a comment", `${releases}  # lockstep:charts: charts/*\n`],
    [false, "a comment behind a value", `${releases}  lockstep:license: MIT # charts: none\n`],
    [false, "another key that ends alike", "config:\n  lockstep:piecharts: x\n"],
    [false, "another key that begins alike", "config:\n  lockstep:chartsFolder: x\n"],
    [false, "a path", "config:\n  lockstep:assets:\n    - path: charts/app.tgz\n"],
    [false, "nothing", ""],
  ])("is %s for %s", (expected, _, text) => {
    expect(configuresChart(text)).toBe(expected);
  });

  it("agrees with the program on every stack's file in the checkout", async () => {
    const hasKey = (value: unknown): boolean =>
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).some(([key, inner]) => /^(lockstep:)?charts?$/.test(key) || hasKey(inner));
    for (const file of (await readdir(checkout)).filter((name) => /^Pulumi\..+\.yaml$/.test(name))) {
      const expected = hasKey(await readStackConfig(join(checkout, file)));
      expect([file, stackHasChart(["--config-file", file, "--stack", "any"], checkout)]).toEqual([file, expected]);
    }
  });
});

describe("stackHasChart", () => {
  it.each([
    [["--stack", "charts"], true],
    [["--stack", "prod", "--config-file", "Pulumi.charts.yaml"], true],
    [["--stack", "prod", "--config", "lockstep:charts=charts/*"], true],
    [["--stack", "prod"], false],
    [["--stack", "missing"], false],
    [["--stack", "charts", "--help"], false],
    [[], false],
  ] as const)("of %j is %s", async (args, expected) => {
    expect(stackHasChart(args, await makeFolder())).toBe(expected);
  });
});

describe("sandboxTools", () => {
  it.each([
    [releases, false],
    [charts, true],
  ])("for the example's configuration %j have helm: %s", async (text, expected) => {
    const folder = await makeFolder();
    await writeFile(join(folder, "Pulumi.sandbox.yaml"), text);
    expect(sandboxTools(folder).some(({ name }) => name === "helm")).toBe(expected);
  });
});

describe("stackTools", () => {
  const code = ["node", "npm packages"];
  const engine = [...code, "pulumi", "language host"];

  it.each([
    ["org", [...engine, "github plugin"]],
    ["prod", [...engine, "docker-build plugin"]],
    ["charts", [...engine, "docker-build plugin", "helm"]],
    ["missing", [...engine, "docker-build plugin", "github plugin"]],
    ["", code],
  ])("of the stack %j are %j", async (stack, names) => {
    expect(stackTools(["--stack", stack], await makeFolder()).map(({ name }) => name)).toEqual(names);
  });
});
