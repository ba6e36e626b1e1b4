import { describe, expect, it } from "vitest";
import { writeChartConfig } from "../../../formats/chart/chart-config.ts";
import { readChartYaml } from "../../../formats/chart/chart-yaml.ts";

/** The config blob of a Chart.yaml that has no mistakes. */
function configOf(text: string, requirements?: string): string {
  const { metadata, mistakes } = readChartYaml(text, requirements);
  expect(mistakes).toEqual([]);
  return writeChartConfig(metadata!);
}

const least = "apiVersion: v2\nname: app\nversion: 1.2.3\n";

describe("writeChartConfig", () => {
  // The expected texts are those of helm 4.3.1, by json.Marshal of the metadata that it loads.
  it("has no empty keys", () => {
    const empty =
      'description: ""\nkeywords: []\nmaintainers: []\nannotations: {}\ndependencies: []\ndeprecated: false\ntype: ""\n';
    expect(configOf(`${least}${empty}`)).toBe('{"name":"app","version":"1.2.3","apiVersion":"v2"}');
  });

  it("has every key in helm's order, whatever the file's is", () => {
    const keys = [
      "type: application",
      "dependencies: [{alias: first, import-values: [data, {parent: z, child: a.b}], enabled: true, tags: [t], condition: c.on, repository: 'https://a.example/?b&c', version: '>=1, <2', name: base}]",
      "kubeVersion: '>=1.29.0-0'",
      "annotations: {z: 1, A: <b>, '10': x, '9': w}",
      "deprecated: true",
      "appVersion: '1.10'",
      "tags: t",
      "condition: c.on",
      "icon: https://a.example/i.png",
      "maintainers: [{url: u, email: e@a.example, name: Ada}, {name: Bob}]",
      "keywords: [k, 2]",
      "description: A & B",
      "sources: [https://a.example/s]",
      "home: https://a.example",
    ];
    expect(configOf(`${keys.join("\n")}\n${least}`)).toBe(
      [
        '{"name":"app","home":"https://a.example","sources":["https://a.example/s"],"version":"1.2.3"',
        '"description":"A \\u0026 B","keywords":["k","2"]',
        '"maintainers":[{"name":"Ada","email":"e@a.example","url":"u"},{"name":"Bob"}]',
        '"icon":"https://a.example/i.png","apiVersion":"v2","condition":"c.on","tags":"t","appVersion":"1.10"',
        '"deprecated":true,"annotations":{"10":"x","9":"w","A":"\\u003cb\\u003e","z":"1"},"kubeVersion":"\\u003e=1.29.0-0"',
        '"dependencies":[{"name":"base","version":"\\u003e=1, \\u003c2","repository":"https://a.example/?b\\u0026c"',
        '"condition":"c.on","tags":["t"],"enabled":true,"import-values":["data",{"child":"a.b","parent":"z"}],"alias":"first"}]',
        '"type":"application"}',
      ].join(","),
    );
  });

  it("keeps an empty repository, maintainer and annotation, which helm keeps", () => {
    expect(configOf(`${least}dependencies: [{name: local}]\nmaintainers: [{}]\nannotations: {a: }\n`)).toBe(
      '{"name":"app","version":"1.2.3","maintainers":[{}],"apiVersion":"v2","annotations":{"a":""},"dependencies":[{"name":"local","repository":""}]}',
    );
  });

  it("has the dependencies of requirements.yaml, as helm reads them from the package", () => {
    expect(
      configOf("apiVersion: v1\nname: app\nversion: 1.2.3\n", "dependencies: [{name: local, version: 1.x.x}]"),
    ).toBe(
      '{"name":"app","version":"1.2.3","apiVersion":"v1","dependencies":[{"name":"local","version":"1.x.x","repository":""}]}',
    );
  });
});
