import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { seededRandom } from "../../../formats/seeded-random.ts";
import { vendoredArchive } from "../../../formats/chart/package/chart-samples.ts";

/** What is written to a chart's folder, by path; a text that begins with `-> ` is a link to the rest of it. */
export type ChartSample = Readonly<Record<string, string | Uint8Array>>;

const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  text: ${data}\n`;
const own = (name: string, more = ""): string => `apiVersion: v2\nname: ${name}\nversion: 1.2.3\n${more}`;

/** Bytes that no compression makes smaller. */
function noise(size: number): Uint8Array {
  const random = seededRandom(size);
  return Uint8Array.from({ length: size }, () => random(256));
}

/** Charts made to have what public ones have, by name. */
export async function chartSamples(): Promise<Record<string, ChartSample>> {
  const [redis, inner] = [await vendoredArchive("redis", "20.1.0"), await vendoredArchive("inner", "3.0.0")];
  const outer = await vendoredArchive("outer", "1.0.0", [inner]);
  return {
    full: {
      "Chart.yaml": own(
        "full",
        '# a comment\nunknown: key\ndescription: "A & B: größe"\nappVersion: "1.10"\nkubeVersion: ">=1.20.0-0"\nannotations: {z: "1", A: <b>}\n',
      ),
      "values.yaml": "\ufeffa: 1 # note\r\nlist: [x]\r\n",
      "values.schema.json": '{"type": "object"}\n',
      "README.md": "\ufeff# Full\n",
      LICENSE: "text",
      ".helmignore": "# comment\n*.bak\n/docs\nci/\n[a-b]?.tmp\n",
      ".hidden": "kept",
      "a.bak": "ignored",
      "files/b.bak": "ignored",
      "ab.tmp": "ignored",
      "cd.tmp": "kept",
      "docs/deep/page.md": "ignored",
      "files/docs": "kept",
      "ci/test-values.yaml": "a: 2\n",
      "crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n",
      "templates/a.yaml": `\ufeff${configMap("a", "{{ .Values.a | quote }}")}`,
      "templates/größe.yaml": configMap("g", '{{ .Files.Get "files/ü.txt" | quote }}'),
      "templates/_helpers.tpl": '{{- define "x" }}x{{ end }}',
      "templates/.swp": "ignored",
      "templates/NOTES.txt": "notes",
      "templates/tests/test.yaml": configMap("t", '{{ include "x" . }}'),
      "files/ü.txt": "umlaut",
      [`files/${"long/".repeat(24)}${"n".repeat(60)}.txt`]: "deep",
      [`files/${"x".repeat(120)}`]: "wide",
      "files/empty": "",
      "files/noise": noise(4 * 2 ** 20),
    },
    parent: {
      "Chart.yaml": own(
        "parent",
        [
          "dependencies:",
          "- {name: redis, version: ^20.0.0, alias: cache, condition: cache.enabled}",
          "- {name: outer, version: 1.x.x, tags: [backend], import-values: [data]}",
          "- {name: common, version: 0.x}",
          "- {name: sub, version: '>=0, <1', condition: sub.enabled}",
          "",
        ].join("\n"),
      ),
      "values.yaml": "cache: {enabled: true}\nsub: {enabled: false}\n",
      "templates/a.yaml": configMap("p", '{{ include "common.text" . }}'),
      [redis.path]: redis.bytes,
      [`${redis.path}.prov`]: "a signature",
      [outer.path]: outer.bytes,
      "charts/common/Chart.yaml": `apiVersion: v2\nname: common\nversion: 0.1.0\ntype: library\n`,
      "charts/common/templates/_text.tpl": '{{- define "common.text" }}text{{ end }}',
      "charts/subdir/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.2.0\n",
      "charts/subdir/.helmignore": "*.md\n",
      "charts/subdir/README.md": "ships all the same",
      "charts/subdir/templates/.dot.yaml": "ships all the same: true",
      "charts/subdir/templates/s.yaml": configMap("s", "s"),
      "charts/_old/Chart.yaml": "broken",
      "charts/.gitkeep": "",
    },
    first: {
      "Chart.yaml": "apiVersion: v1\nname: first\nversion: 1.2.3\n",
      "requirements.yaml": "dependencies:\n- {name: redis, version: 20.x.x}\n",
      [redis.path]: redis.bytes,
    },
    library: { "Chart.yaml": own("library", "type: library\n"), "templates/_x.tpl": '{{- define "x" }}x{{ end }}' },
    links: {
      "Chart.yaml": own("links"),
      "files/a": "a",
      "files/again": "-> a",
      more: "-> files",
      "templates/a.yaml": configMap("l", '{{ .Files.Get "more/again" }}'),
    },
    bare: { "Chart.yaml": own("bare") },
  };
}

/** Writes a chart to a folder. */
export async function writeChart(folder: string, files: ChartSample): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await (typeof text === "string" && text.startsWith("-> ") ? symlink(text.slice(3), file) : writeFile(file, text));
  }
}
