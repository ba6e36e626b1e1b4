import { archive } from "./real-chart.ts";
import type { Checkout, Files, RealChart } from "./real-chart.ts";

/** A library: named templates only. */
export function common(): RealChart {
  return { name: "common", files: { ...libraryFiles, "README.md": "# common\n\nNamed templates of all charts.\n" } };
}

/** An application that uses the library beside it, which lies in charts/ as helm brought it. */
export async function billing(checkout: Checkout): Promise<RealChart> {
  return {
    name: "billing",
    files: {
      "Chart.yaml": `apiVersion: v2
name: billing
version: 1.0.10
dependencies:
  - name: common
    version: ^1.4.0
    repository: file://../common
`,
      "Chart.lock": `dependencies:
- name: common
  repository: file://../common
  version: 1.4.0
digest: sha256:0a369368c6d1a2345dac6bfad45954b59a66f2a9adbc70a6851ce04a12e98f21
generated: "2026-10-01T08:00:00Z"
`,
      "values.yaml":
        "common:\n  team: payments\njobs:\n  - {name: invoices, schedule: '0 3 * * *'}\n  - {name: dunning, schedule: '30 3 * * 1'}\n",
      "templates/service.yaml": '{{ include "common.service" (dict "top" . "port" 8080) }}\n',
      "templates/jobs.yaml": jobs,
      "charts/common-1.4.0.tgz": await archive("common", libraryFiles, checkout),
    },
  };
}

const libraryFiles: Files = {
  "Chart.yaml": "apiVersion: v2\nname: common\ntype: library\nversion: 1.4.0\ndescription: Named templates\n",
  "values.yaml": "team: platform\n",
  "templates/_names.tpl": `{{- define "common.name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "common.labels" -}}
app: {{ include "common.name" . }}
team: {{ .Values.common.team }}
{{- end }}
`,
  "templates/_service.tpl": `{{- define "common.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "common.name" .top }}
  labels: {{- include "common.labels" .top | nindent 4 }}
spec: {ports: [{port: {{ .port }}}]}
{{- end }}
`,
};

const jobs = `{{- range .Values.jobs }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ .name }}
  labels: {{- include "common.labels" $ | nindent 4 }}
spec:
  schedule: {{ .schedule | quote }}
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: "billing:1"}]}}}}
{{- end }}
`;
