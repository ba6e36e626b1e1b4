import type { RealChart } from "./real-chart.ts";

/** An umbrella over folders in charts/, each with a .helmignore of its own, which helm does not read there. */
export function suite(): RealChart {
  return {
    name: "suite",
    files: {
      "Chart.yaml": `apiVersion: v2
name: suite
version: 7.0.0
dependencies:
  - name: api
    version: 7.0.0
  - {name: worker, version: "*", repository: ""}
`,
      ".helmignore": helmignore,
      "values.yaml": "global: {domain: example.com}\nworker: {queues: [mail, print]}\n",
      "templates/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: suite}\n",
      "templates/deep/.keep": "packaged: the rule of helm's own has one level",
      "charts/.gitkeep": "",
      "charts/_attic/old/Chart.yaml": "no chart any more",
      "charts/api/Chart.yaml": "apiVersion: v2\nname: api\nversion: 7.0.0\nunknown: {key: kept}\n",
      "charts/api/.helmignore": "templates/\n*.md\n",
      "charts/api/README.md": "# api\n",
      "charts/api/docs/api.md": "not packaged: the parent says so\n",
      "charts/api/ci/test-values.yaml": "a: 1\n",
      "charts/api/templates/api.yaml": route,
      "charts/api/templates/.hidden.yaml": "kind: Hidden\nmetadata: {name: '{{ .Chart.Name }}'}\n",
      "charts/api/crds/api.yaml": "kind: CustomResourceDefinition\nmetadata: {name: api}\n",
      // A folder with another name than its chart.
      "charts/background/Chart.yaml": "apiVersion: v2\nname: worker\nversion: 6.5.4\n",
      "charts/background/values.yaml": "queues: []\n",
      "charts/background/.helmignore": "!values.yaml\n",
      "charts/background/templates/worker.yaml": worker,
      "charts/background/charts/metrics/Chart.yaml": "apiVersion: v1\nname: metrics\nversion: 0.0.1\n",
      "charts/background/charts/metrics/templates/a.yaml": "kind: Metrics\nmetadata: {name: metrics}\n",
      "charts/background/charts/metrics/notes.txt": "",
      "charts/api-7.0.0.tgz.prov": "-----BEGIN PGP SIGNED MESSAGE-----\n",
    },
  };
}

const helmignore = `# What only the repository needs
*.bak
[Dd]ocs/
/charts/*/ci
/charts/api/*.log   
!?*
`;

const route = `kind: Route
metadata: {name: {{ .Chart.Name }}}
spec: {host: "api.{{ .Values.global.domain }}", readme: {{ .Files.Get "README.md" | quote }}}
`;

const worker = `{{- range .Values.queues }}
---
kind: Worker
metadata: {name: {{ . }}}
{{- end }}
`;
