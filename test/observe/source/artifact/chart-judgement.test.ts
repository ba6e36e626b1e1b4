import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PinForm } from "../../../../formats/chart/pin/pin-form.ts";
import { judgeCharts } from "../../../../observe/source/artifact/chart-judgement.ts";
import type { ChartJudgement } from "../../../../observe/source/artifact/chart-judgement.ts";
import { useNoHelm } from "../../../support/helm-on-path.ts";
import { vendoredArchive } from "../../../formats/chart/package/chart-samples.ts";
import { writeFiles } from "./chart-on-disk.ts";

let root = "";
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "judged-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const map = (data: string, name = "a"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {text: ${data}}\n`;
const sound = { "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n", "templates/a.yaml": map("x") };
const own = (more: string): string => `${sound["Chart.yaml"]}${more}\n`;

async function chartOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = join(root, String(++count), "app");
  await writeFiles(folder, { ...sound, ...files });
  return folder;
}

async function judged(files: Readonly<Record<string, string | Buffer>>): Promise<ChartJudgement> {
  return judgeCharts([{ path: await chartOf(files), shown: "charts/app" }]);
}

const nothing = { mistakes: [], warnings: [], unchecked: [], unproved: [] };
const redis = await vendoredArchive("redis", "20.1.0");

describe("judgeCharts, of a chart that helm accepts", () => {
  it.each<[what: string, files: Readonly<Record<string, string | Buffer>>]>([
    ["has no icon, which is a note", {}],
    ["has templates for values", { "values.yaml": "a: 1\n", "templates/a.yaml": map("{{ .Values.a | quote }}") }],
    [
      "is a library, which cannot be rendered",
      { "Chart.yaml": own("type: library"), "templates/a.yaml": '{{ define "x" }}x{{ end }}' },
    ],
    [
      "has its dependency",
      { "Chart.yaml": own("dependencies: [{name: redis, version: 20.x.x}]"), [redis.path]: Buffer.from(redis.bytes) },
    ],
    ["is for another Kubernetes than helm's own", { "Chart.yaml": own('kubeVersion: "<1.25.0"') }],
    [
      "leaves a broken template out of its package",
      { ".helmignore": "*.bak.yaml\n", "templates/b.bak.yaml": "{{ nope }}" },
    ],
    [
      "needs values, and has files of them that are not packaged",
      {
        ".helmignore": "ci/\n",
        "templates/a.yaml": map('{{ required "no x" .Values.x | quote }}'),
        "ci/one-values.yaml": "x: 1\n",
        "ci/two-values.yaml": "x: 2\n",
        "ci/other.yaml": "y: not a file of values\n",
      },
    ],
  ])("says nothing if it %s", async (_, files) => {
    expect(await judged(files)).toEqual(nothing);
  });

  it.each([
    ["object name", { "templates/a.yaml": map("x", "A_B") }, "templates/a.yaml: object name does not conform"],
    ["unknown key", { "Chart.yaml": own("nope: x") }, "nope"],
  ])("passes a warning on, once: %s", async (_, files, words) => {
    const values = { "ci/a-values.yaml": "a: 1\n", "ci/b-values.yaml": "a: 2\n" };
    const { mistakes, warnings } = await judged({ ...files, ...values });
    expect(mistakes).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(warnings[0]).toMatch(/^charts\/app: helm lint: /);
  });
});

describe("judgeCharts, of a chart that helm refuses", () => {
  const schema = '{"type": "object", "properties": {"a": {"type": "string"}}}\n';

  it.each<[what: string, files: Record<string, string>, path: string, reason: string, example: string]>([
    [
      "an unknown function",
      { "templates/a.yaml": "{{ nope }}" },
      "charts/app",
      'helm lint: templates/: parse error at (app/templates/a.yaml:1): function "nope" not defined',
      "`helm lint charts/app` shows the same",
    ],
    [
      "bad YAML after rendering",
      { "templates/a.yaml": "kind: ConfigMap\n a: b\n" },
      "charts/app",
      "helm lint: templates/a.yaml: unable to parse YAML",
      "`helm lint charts/app` shows the same",
    ],
    [
      "a value that its own schema refuses",
      { "values.yaml": "a: 1\n", "values.schema.json": schema },
      "charts/app",
      "at '/a': got number, want string",
      "`helm lint charts/app` shows the same",
    ],
    [
      "a value of a file that its schema refuses",
      { "values.schema.json": schema, "ci/a-values.yaml": "a: x\n", "ci/b-values.yaml": "a: 1\n" },
      "charts/app with ci/b-values.yaml",
      "at '/a': got number, want string",
      "`helm lint charts/app --values charts/app/ci/b-values.yaml` shows the same",
    ],
    [
      "a file of values that is not YAML",
      { "ci/a-values.yaml": "a: : b\n" },
      "charts/app with ci/a-values.yaml",
      "helm lint: failed to parse ci/a-values.yaml",
      "`helm lint charts/app --values charts/app/ci/a-values.yaml` shows the same",
    ],
    [
      "a value that it requires, which lint lets pass",
      { "templates/a.yaml": '{{ required "no x" .Values.x }}' },
      "charts/app",
      "helm template: execution error at (app/templates/a.yaml:1:3): no x",
      "`helm template charts/app` shows the same; if it needs values, put them into `charts/app/ci/test-values.yaml`",
    ],
    [
      "what `fail` refuses, with two files of values",
      { "templates/a.yaml": '{{ fail "never" }}', "ci/a-values.yaml": "a: 1\n", "ci/b-values.yaml": "a: 2\n" },
      "charts/app with ci/a-values.yaml, ci/b-values.yaml",
      "helm template: execution error at (app/templates/a.yaml:1:3): never",
      "`helm template charts/app --values charts/app/ci/a-values.yaml` shows the same",
    ],
  ])("names chart, words and command: %s", async (_, files, path, reason, example) => {
    const { mistakes } = await judged(files);
    expect(mistakes[0]).toEqual({ path, reason: expect.stringContaining(reason), example });
    expect(mistakes.every(({ reason: words }) => !words.includes("\n") && !words.includes(tmpdir()))).toBe(true);
    expect(new Set(mistakes.map((mistake) => mistake.path))).toEqual(new Set([path]));
  });

  it("does not follow a link to values", async () => {
    const folder = await chartOf({ "secret.yaml": "a: 1\n", "ci/a-values.yaml": "a: 1\n" });
    await symlink("../secret.yaml", join(folder, "ci", "b-values.yaml"));
    const { mistakes } = await judgeCharts([{ path: folder, shown: "charts/app" }]);
    expect(mistakes.map(({ path, reason }) => [path, reason])).toEqual([
      ["charts/app/ci/b-values.yaml", "is a link, and charts are rendered with files only"],
    ]);
  });

  it("names each of several, in their order", async () => {
    const paths = await Promise.all(
      ["{{ one }}", map("x"), "{{ three }}"].map((text) => chartOf({ "templates/a.yaml": text })),
    );
    const { mistakes } = await judgeCharts(paths.map((path, index) => ({ path, shown: `charts/${index}` })));
    expect(mistakes.map(({ path }) => path)).toEqual(["charts/0", "charts/2"]);
  });

  it("names what keeps it from being packaged", async () => {
    const { mistakes } = await judged({ "charts/notes.md": "x" });
    expect(mistakes.map(({ path }) => path)).toEqual(["charts/app/charts/notes.md"]);
  });
});

describe("judgeCharts, without helm", () => {
  it("says of which charts nothing is known", async () => {
    useNoHelm();
    const { unchecked, ...rest } = await judged({ "templates/a.yaml": "{{ nope }}" });
    expect(rest).toEqual({ mistakes: [], warnings: [], unproved: [] });
    expect(unchecked).toEqual([expect.stringContaining("charts/app: not rendered: helm is not here")]);
  });

  it("says nothing if there is no chart", async () => {
    useNoHelm();
    expect(await judgeCharts([])).toEqual(nothing);
  });
});

describe("judgeCharts, of a chart that pins an image", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const image = { repository: "ghcr.io/acme/app", tag: "1.2.3", digest };
  const values = "repository: ghcr.io/acme/app\ndigest:\nsha:\ntag: v1\n";
  const pod = (text: string, labels = ""): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {${labels}}}\nspec: {containers: [{name: a, image: "${text}"}]}\n`;

  async function pinned(form: PinForm, path: string, template: string, files: Record<string, string> = {}) {
    const edits = { pins: [{ ...image, path, form }] };
    const folder = await chartOf({ "values.yaml": values, "templates/a.yaml": template, ...files });
    return judgeCharts([{ path: folder, shown: "charts/app", edits }]);
  }

  it.each<[form: PinForm, path: string, text: string]>([
    ["digest", "digest", "{{ .Values.repository }}@{{ .Values.digest }}"],
    ["hex", "sha", "{{ .Values.repository }}:{{ .Values.tag }}@sha256:{{ .Values.sha }}"],
    ["tag@digest", "tag", "{{ .Values.repository }}:{{ .Values.tag }}"],
    ["ref", "repository", "{{ .Values.repository }}"],
    ["tag", "tag", "{{ .Values.repository }}"],
  ])("finds the form %s in what helm renders", async (form, path, text) => {
    expect(await pinned(form, path, pod(text))).toEqual(nothing);
  });

  it("finds it with one of the chart's files of values", async () => {
    const template = `{{ if .Values.sidecar }}${pod("a@{{ .Values.digest }}")}{{ end }}`;
    expect((await pinned("digest", "digest", template)).mistakes).toHaveLength(1);
    const files = { "ci/off-values.yaml": "sidecar: false\n", "ci/on-values.yaml": "sidecar: true\n" };
    expect(await pinned("digest", "digest", template, files)).toEqual(nothing);
  });

  it("refuses the form of another chart", async () => {
    const { mistakes } = await pinned("digest", "sha", pod("a@sha256:{{ .Values.sha }}"));
    expect(mistakes).toEqual([
      {
        path: "charts/app/values.yaml: sha",
        reason: "is pinned as `digest`, and nothing that helm renders names an image with `@sha256:…` by it",
        example: expect.stringContaining("the form that the chart's templates expect"),
      },
    ]);
  });

  it("refuses a digest in a label", async () => {
    const { mistakes } = await pinned("tag@digest", "tag", pod("a:{{ .Values.tag }}", 'version: "{{ .Values.tag }}"'));
    expect(mistakes.map(({ path, value, reason }) => [path, value, reason])).toEqual([
      [
        "charts/app",
        `1.2.3@${digest}`,
        "is the value of a label when helm renders the chart, and Kubernetes accepts no `@` there",
      ],
    ]);
  });

  it("says only what helm says of a chart that helm refuses", async () => {
    const { mistakes } = await pinned("digest", "digest", "{{ nope }}");
    expect(mistakes.map(({ reason }) => reason)).toEqual([expect.stringContaining("helm lint")]);
  });

  it("names it if there is no helm", async () => {
    useNoHelm();
    const { unproved, mistakes } = await pinned("digest", "digest", pod("a"));
    expect([unproved, mistakes]).toEqual([["charts/app"], []]);
  });
});
