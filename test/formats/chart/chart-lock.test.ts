import { describe, expect, it } from "vitest";
import { isInSync, lockDigest, readChartLock } from "../../../formats/chart/chart-lock.ts";
import { readChartYaml } from "../../../formats/chart/chart-yaml.ts";

/** Chart.yaml and Chart.lock as `helm dependency update` of helm 4.3.1 wrote the latter. */
const written = {
  "a range with escapes, tags, import-values and an alias": [
    `  - name: base
    version: ">=1.0.0, <2.0.0"
    repository: file://../base
    condition: base.enabled
    tags: [a, "b & c"]
    import-values:
      - data
      - {parent: z, child: a.b}
    alias: first
  - name: base
    version: ^1
    repository: "file://../base"
`,
    `dependencies:
- name: base
  repository: file://../base
  version: 1.4.2
- name: base
  repository: file://../base
  version: 1.4.2
digest: sha256:3d37bb84614788e5513865b8ea34aa22addd7e1397dea255f8ec9512d70e4e4a
generated: "2026-11-27T11:12:19.897527518Z"
`,
  ],
  "repositories by their names in the user's helm": [
    `  - name: base
    version: ^1.0.0
    repository: "@foo"
  - name: base
    version: ~1.4.0
    repository: alias:foo
    alias: other
`,
    `dependencies:
- name: base
  repository: http://127.0.0.1:18931
  version: 1.4.2
- name: base
  repository: http://127.0.0.1:18931
  version: 1.4.2
digest: sha256:cdf3eb89e1c2d7aff2e162ddfa380a5fdcef5cc545e384dc37c89701a1d2ad5a
generated: "2026-11-27T11:12:34.614762023Z"
`,
  ],
} as const;

function isSynced(dependencies: string, lock: string): boolean {
  const chart = readChartYaml(`apiVersion: v2\nname: app\nversion: 0.1.0\n${dependencies}`);
  const read = readChartLock("Chart.lock", lock);
  expect([chart.mistakes, read.mistakes]).toEqual([[], []]);
  return isInSync(chart.metadata!, read.lock!);
}

describe("isInSync", () => {
  it.each(Object.entries(written))("agrees with helm on %s", (_, [dependencies, lock]) => {
    expect(isSynced(`dependencies:\n${dependencies}`, lock)).toBe(true);
  });

  it.each([
    ["a dependency is added", "  - {name: b, version: 1}\n", ""],
    ["a range changes", "", "s/<2.0.0/<3.0.0/"],
    ["an alias changes", "", "s/first/second/"],
    ["a condition changes", "", "s/base.enabled/base.on/"],
  ])("sees that %s", (_, added, change) => {
    const [dependencies, lock] = written["a range with escapes, tags, import-values and an alias"];
    const [, from = "", to = ""] = change.split("/");
    expect(isSynced(`dependencies:\n${dependencies.replace(from, to)}${added}`, lock)).toBe(false);
  });

  it("sees that a lock was edited", () => {
    const [dependencies, lock] = written["repositories by their names in the user's helm"];
    expect(isSynced(`dependencies:\n${dependencies}`, lock.replace("1.4.2", "1.4.3"))).toBe(false);
    expect(isSynced(`dependencies:\n${dependencies}`, lock.replaceAll("18931", "18932"))).toBe(false);
  });

  it("has different digests for a missing list and an empty one", () => {
    const [none, empty] = [lockDigest(undefined, undefined), lockDigest([], [])];
    expect(isSynced("", `digest: ${none}\n`)).toBe(true);
    expect(isSynced("dependencies: []\n", `digest: ${empty}\ndependencies: []\n`)).toBe(true);
    expect(isSynced("", `digest: ${empty}\ndependencies: []\n`)).toBe(false);
  });

  it.each([
    ["of helm 4", "sha256:63f3191c1b9b7cf05174f54ab23114aa21e81acda9811dfba9964d65147c2113", true],
    // sha256 of {"dependencies":[{"name":"base","version":"1.x.x","repository":"file://../base"}]}
    ["of Helm 2", "sha256:072590bf61503195af3f1b0560a08439944550df5ab0d27bf9dc13cbeff4041d", true],
    ["of neither", `sha256:${"0".repeat(64)}`, false],
  ])("accepts in requirements.lock the digest %s", (_, digest, isAccepted) => {
    const requirements = "dependencies: [{name: base, version: 1.x.x, repository: file://../base}]";
    const { metadata } = readChartYaml("apiVersion: v1\nname: one\nversion: 0.1.0\n", requirements);
    const text = `dependencies:\n- name: base\n  repository: file://../base\n  version: 1.4.2\ndigest: ${digest}\n`;
    expect(isInSync(metadata!, readChartLock("requirements.lock", text).lock!)).toBe(isAccepted);
  });
});

describe("readChartLock", () => {
  it.each([
    ["no YAML", "a: [", "Chart.lock", "cannot be read as YAML"],
    ["a list", "- a", "Chart.lock", "must be a map"],
    ["dependencies that are not a list", "dependencies: a", "Chart.lock: dependencies", "must be a list"],
    ["a dependency that is none", "dependencies: [a]", "Chart.lock: dependencies[0]", "must have `name`"],
  ])("refuses %s", (_, text, path, reason) => {
    expect(readChartLock("Chart.lock", text)).toEqual({
      lock: undefined,
      mistakes: [
        expect.objectContaining({
          path,
          reason: expect.stringContaining(reason),
          example: "`helm dependency update` writes it anew",
        }),
      ],
    });
  });
});
