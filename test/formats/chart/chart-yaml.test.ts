import { describe, expect, it } from "vitest";
import { readChartYaml } from "../../../formats/chart/chart-yaml.ts";

const least = { apiVersion: "v2", name: "app", version: "1.2.3" };
const write = (keys: Readonly<Record<string, string>>): string =>
  Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");
const read = (keys: Readonly<Record<string, string>>, requirements?: string) =>
  readChartYaml(write({ ...least, ...keys }), requirements);

/** What readChartYaml() says of a Chart.yaml: place and reason of each mistake. */
const complaints = (keys: Readonly<Record<string, string>>, requirements?: string): (readonly [string, string])[] =>
  read(keys, requirements).mistakes.map(({ path, reason }) => [path, reason]);

const quotes = "is not text to helm: write it in quotes";
const [dependency, nameless] = ["{name: base, version: ^1, repository: file://../base}", "{version: ^1}"];

describe("readChartYaml, when a chart can be released", () => {
  it("has empty values for what Chart.yaml does not say", () => {
    expect(read({})).toEqual({
      metadata: {
        ...least,
        home: "",
        sources: [],
        description: "",
        keywords: [],
        maintainers: [],
        icon: "",
        condition: "",
        tags: "",
        appVersion: "",
        deprecated: false,
        annotations: {},
        kubeVersion: "",
        dependencies: undefined,
        type: "",
      },
      mistakes: [],
    });
  });

  it.each<[keys: Record<string, string>, found: object]>([
    [{ appVersion: '"1.10"' }, { appVersion: "1.10" }],
    [{ appVersion: "1.2.3" }, { appVersion: "1.2.3" }],
    [{ appVersion: "2024-08-01" }, { appVersion: "2024-08-01" }],
    [{ appVersion: "~" }, { appVersion: "" }],
    [{ version: "1.2.3-rc.1+build.5" }, { version: "1.2.3-rc.1+build.5" }],
    [{ kubeVersion: '">=1.29.0-0"' }, { kubeVersion: ">=1.29.0-0" }],
    [{ description: "yes" }, { description: "true" }],
    [{ description: "007" }, { description: "7" }],
    [{ description: '"two\\nlines\\u0007"' }, { description: "two lines" }],
    [{ keywords: "[a, 1, n]" }, { keywords: ["a", "1", "false"] }],
    [{ annotations: '{a: true, b: 1, c: , d: "x\\ty"}' }, { annotations: { a: "true", b: "1", c: "", d: "x\ty" } }],
    [{ maintainers: "[{name: Ada, twitter: ada}]" }, { maintainers: [{ name: "Ada", email: "", url: "" }] }],
    [{ deprecated: "yes" }, { deprecated: true }],
    [{ type: "library" }, { type: "library" }],
    [{ type: "" }, { type: "" }],
    [{ dependencies: "[]" }, { dependencies: [] }],
    [{ dependencies: "" }, { dependencies: undefined }],
    [
      { dependencies: "[{name: local, condition: local.enabled}]" },
      { dependencies: [expect.objectContaining({ name: "local", version: "" })] },
    ],
    [
      { dependencies: "[{name: a, version: 1, repository: x, digest: y}]" },
      { dependencies: [expect.not.objectContaining({ digest: "y" })] },
    ],
    [{ unknown: "{a: [1.5]}" }, least],
  ])("reads %j", (keys, found) => {
    const { metadata, mistakes } = read(keys);
    expect(mistakes).toEqual([]);
    expect(metadata).toMatchObject(found);
  });

  it("has the dependencies of requirements.yaml with apiVersion v1", () => {
    const { metadata, mistakes } = read({ apiVersion: "v1" }, `dependencies: [${dependency}]\n`);
    expect([metadata?.dependencies?.map(({ name }) => name), mistakes]).toEqual([["base"], []]);
  });
});

describe("readChartYaml, when helm would read something else than what is written", () => {
  it.each<[keys: Record<string, string>, path: string, reason: string]>([
    [{ version: "1.10" }, "version", quotes],
    [{ version: "1" }, "version", quotes],
    [{ version: "1e3" }, "version", quotes],
    [{ appVersion: "1.10" }, "appVersion", quotes],
    [{ appVersion: "n" }, "appVersion", quotes],
    [{ appVersion: "4e15" }, "appVersion", quotes],
    [{ appVersion: "0x12" }, "appVersion", quotes],
    [{ kubeVersion: "1.29" }, "kubeVersion", quotes],
    [{ name: "on" }, "name", quotes],
    [{ name: "12" }, "name", quotes],
    [{ description: "1.0" }, "description", quotes],
    [{ annotations: "{a: 1.50}" }, "annotations.a", quotes],
    [{ appVersion: "[a]" }, "appVersion", "must be a text"],
    [{ description: "{a: b}" }, "description", "must be a text"],
    [{ appVersion: '"\\ud83d"' }, "appVersion", "has half of a character: write `\\U0001F680`, not two escapes"],
    [{ home: '"\\ud83d"' }, "home", "has half of a character: write `\\U0001F680`, not two escapes"],
    [{ Description: "a" }, "Description", "is `description` to helm, which ignores letter case"],
    [{ appversion: "a" }, "appversion", "is `appVersion` to helm, which ignores letter case"],
    [{ "\u212aeywords": "[a]" }, "\u212aeywords", "is `keywords` to helm, which ignores letter case"],
    [{ maintainers: "[{Name: a}]" }, "maintainers[0].Name", "is `name` to helm, which ignores letter case"],
    [
      { dependencies: "[{name: a, Version: ^1, repository: b}]" },
      "dependencies[0].Version",
      "is `version` to helm, which ignores letter case",
    ],
  ])("refuses %j", (keys, path, reason) => {
    expect(complaints(keys)).toEqual([[`Chart.yaml: ${path}`, reason]]);
  });
});

describe("readChartYaml, when a value cannot be used", () => {
  it.each<[keys: Record<string, string>, path: string, reason: string]>([
    [{ version: "v1.2.3" }, "version", "is not a complete semantic version"],
    [{ version: '"1.2"' }, "version", "is not a complete semantic version"],
    [{ version: "1.2.3-01" }, "version", "is not a complete semantic version"],
    [{ version: "" }, "version", "is missing"],
    [{ version: `1.2.3-${"a".repeat(123)}` }, "version", "is longer than a tag may be"],
    [{ name: "" }, "name", "is missing"],
    [{ name: "App" }, "name", "must be lower-case letters"],
    [{ name: "a/b" }, "name", "must be lower-case letters"],
    [{ name: '".."' }, "name", "must be lower-case letters"],
    [{ apiVersion: "v3" }, "apiVersion", "must be `v2`"],
    [{ apiVersion: "" }, "apiVersion", "must be `v2`"],
    [{ type: "app" }, "type", "must be `application` or `library`"],
    [{ deprecated: '"true"' }, "deprecated", "must be `true` or `false`"],
    [{ sources: "https://example.com" }, "sources", "must be a list"],
    [{ keywords: "[a, [b]]" }, "keywords[1]", "must be a text"],
    [{ maintainers: "Ada" }, "maintainers", "must be a list"],
    [{ maintainers: "[Ada]" }, "maintainers[0]", "must have `name`"],
    [{ maintainers: "[~]" }, "maintainers[0]", "must have `name`"],
    [{ annotations: "[a]" }, "annotations", "must be a map of texts"],
    [{ dependencies: "{a: b}" }, "dependencies", "must be a list"],
    [{ dependencies: "[a]" }, "dependencies[0]", "must have `name`, `version` and `repository`"],
    [{ dependencies: `[${nameless}]` }, "dependencies[0].name", "is missing"],
    [{ dependencies: "[{name: a, repository: b}]" }, "dependencies[0].version", "is missing"],
    [{ dependencies: "[{name: a, version: latest}]" }, "dependencies[0].version", "is not a range of versions"],
    [{ dependencies: "[{name: a, version: 1.10}]" }, "dependencies[0].version", quotes],
    [{ dependencies: "[{name: a, alias: a.b}]" }, "dependencies[0].alias", "may have letters"],
    [{ dependencies: "[{name: a}, {name: a}]" }, "dependencies[1].name", "is the name or alias of another"],
    [{ dependencies: "[{name: a}, {name: b, alias: a}]" }, "dependencies[1].alias", "is the name or alias of another"],
    [{ dependencies: "[{name: a, tags: b}]" }, "dependencies[0].tags", "must be a list"],
    [{ dependencies: "[{name: a, import-values: [1]}]" }, "dependencies[0].import-values[0]", "must be a text, or"],
    [{ dependencies: `[${dependency}]`, apiVersion: "v1" }, "dependencies", "needs `apiVersion: v2`"],
  ])("refuses %j", (keys, path, reason) => {
    expect(complaints(keys)).toEqual([[`Chart.yaml: ${path}`, expect.stringContaining(reason)]]);
  });

  it("reports all mistakes at once, with value and example", () => {
    const { metadata, mistakes } = read({ Name: "app", version: "1.10", appVersion: "4", keywords: "a" });
    expect(metadata).toBeUndefined();
    expect(mistakes).toEqual([
      { path: "Chart.yaml: Name", reason: expect.any(String), example: "`name`" },
      { path: "Chart.yaml: version", value: 1.1, reason: quotes, example: '`version: "1.2.3"`' },
      { path: "Chart.yaml: keywords", value: "a", reason: "must be a list", example: expect.any(String) },
      { path: "Chart.yaml: appVersion", value: 4, reason: quotes, example: '`appVersion: "1.10"`' },
    ]);
  });

  it.each([
    ["nothing", "", "must be a map of keys and values"],
    ["a list", "- a\n", "must be a map of keys and values"],
    ["a text", "name\n", "must be a map of keys and values"],
    ["a key twice", "name: a\nname: b\n", "cannot be read as YAML: Map keys must be unique"],
    ["template code", "name: {{ x }}\n", "cannot be read as YAML: "],
  ])("refuses a file with %s", (_, text, reason) => {
    expect(readChartYaml(text)).toEqual({
      metadata: undefined,
      mistakes: [expect.objectContaining({ path: "Chart.yaml", reason: expect.stringContaining(reason) })],
    });
  });
});

describe("readChartYaml, when there is a requirements.yaml", () => {
  it.each<[keys: Record<string, string>, requirements: string, path: string, reason: string]>([
    [{}, "dependencies: []", "requirements.yaml", "belongs to `apiVersion: v1`"],
    [{ apiVersion: "v1" }, "- a", "requirements.yaml", "must be a map"],
    [{ apiVersion: "v1" }, "a: [", "requirements.yaml", "cannot be read as YAML"],
    [{ apiVersion: "v1" }, `dependencies: [${nameless}]`, "requirements.yaml: dependencies[0].name", "is missing"],
    [{ apiVersion: "v1" }, "Dependencies: []", "requirements.yaml: Dependencies", "is `dependencies` to helm"],
    [
      { apiVersion: "v1", dependencies: "[]" },
      "dependencies: []",
      "Chart.yaml: dependencies",
      "needs `apiVersion: v2`",
    ],
  ])("with %j, refuses `%s`", (keys, requirements, path, reason) => {
    expect(complaints(keys, requirements)).toEqual([[path, expect.stringContaining(reason)]]);
  });
});
