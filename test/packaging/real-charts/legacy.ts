import { archive } from "./real-chart.ts";
import type { Checkout, RealChart } from "./real-chart.ts";

/** A chart for Helm 2: \`apiVersion: v1\`, and its dependencies in a file of their own. */
export async function legacy(checkout: Checkout): Promise<RealChart> {
  const proxy = {
    "Chart.yaml": "name: proxy\nversion: 1.9.0\n",
    "values.yaml": "port: 3128\n",
    "templates/proxy.yaml":
      "kind: Proxy\nmetadata: {name: {{ .Release.Name }}-proxy}\nspec: {port: {{ .Values.port }}}\n",
    "requirements.yaml": "dependencies: []\n",
  };
  return {
    name: "legacy",
    files: {
      "Chart.yaml": `apiVersion: v1
name: legacy
version: 0.12.7
appVersion: "1.0"
engine: gotpl
tillerVersion: ">=2.10.0"
maintainers:
- name: nobody
`,
      "requirements.yaml": requirements,
      "requirements.lock": requirementsLock,
      OWNERS: "approvers: [ada]\n",
      "values.yaml": "proxy: {enabled: true}\nbackup: {port: 8080}\nsecret: s3cret\n",
      "templates/secret.yaml": secret,
      "templates/_helpers.tpl":
        '{{- define "legacy.fullname" -}}{{ printf "%s-%s" .Release.Name .Chart.Name }}{{- end -}}\n',
      "charts/proxy-1.9.0.tgz": await archive("proxy", proxy, checkout),
    },
  };
}

const requirements = `dependencies:
  - name: proxy
    version: 1.9.0
    repository: "@stable"
    condition: proxy.enabled
  - name: proxy
    version: ">=1.0.0 <2"
    repository: "@stable"
    alias: backup
`;

const requirementsLock = `dependencies:
- name: proxy
  repository: https://charts.example.com/stable
  version: 1.9.0
- name: proxy
  repository: https://charts.example.com/stable
  version: 1.9.0
digest: sha256:32a0b1c83c73602cb90fa504befbea363f345c5f76f63f35ca823398eea3fd7a
generated: 2019-06-01T10:00:00.000000001+02:00
`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: {{ template "legacy.fullname" . }}
  labels: {heritage: {{ .Release.Service }}, chart: "{{ .Chart.Name }}-{{ .Chart.Version }}"}
data: {password: {{ .Values.secret | b64enc }}}
`;
