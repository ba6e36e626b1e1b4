import { describe, expect, it } from "vitest";
import { Dependencies, dependencyValue } from "../../../formats/chart/dependency.ts";
import { writeHelmJson } from "../../../formats/chart/helm/helm-json.ts";

const write = (dependency: object): string =>
  writeHelmJson((Dependencies.parse([dependency]) ?? []).map(dependencyValue));

describe("dependencyValue", () => {
  it.each<[dependency: object, json: string]>([
    [{ name: "a" }, '[{"name":"a","repository":""}]'],
    [
      { alias: "b", name: "a", version: "^1", repository: "oci://r.example/c" },
      '[{"name":"a","version":"^1","repository":"oci://r.example/c","alias":"b"}]',
    ],
    [
      { name: "a", tags: [], "import-values": [], enabled: false, condition: "", digest: "sha256:1" },
      '[{"name":"a","repository":""}]',
    ],
    [
      { name: "a", "import-values": [{ parent: "p", child: "c" }, "d"], tags: ["t"], enabled: true, condition: "x" },
      '[{"name":"a","repository":"","condition":"x","tags":["t"],"enabled":true,"import-values":[{"child":"c","parent":"p"},"d"]}]',
    ],
  ])("writes %j as helm does", (dependency, json) => {
    expect(write(dependency)).toBe(json);
  });
});

describe("Dependencies", () => {
  it("accepts two versions of one chart under different names", () => {
    const both = [
      { name: "a", version: "^1", repository: "b", alias: "one" },
      { name: "a", version: "^2", repository: "b" },
    ];
    expect(Dependencies.safeParse(both).success).toBe(true);
  });

  it("keeps a missing list and an empty one apart", () => {
    expect([undefined, null, []].map((list) => Dependencies.parse(list))).toEqual([undefined, undefined, []]);
  });
});
