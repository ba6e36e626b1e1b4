import { archive } from "./real-chart.ts";
import type { Checkout, Files, RealChart } from "./real-chart.ts";

/** A web application after `helm create`, with one dependency under two aliases and one that is off. */
export async function storefront(checkout: Checkout): Promise<RealChart> {
  return {
    name: "storefront",
    files: {
      "Chart.yaml": chartYaml,
      "Chart.lock": chartLock,
      ".helmignore": helmignore,
      "values.yaml": values,
      "README.md": "# storefront\n\nThe shop.\n\n```sh\nhelm install shop oci://ghcr.io/acme/charts/storefront\n```\n",
      "ci/dev-values.yaml": "replicaCount: 1\n",
      "docs/runbook.md": "not packaged\n",
      "templates/.deployment.yaml.swp": "not packaged\n",
      "templates/NOTES.txt": "Open {{ .Values.ingress.host }} once {{ .Release.Name }} is ready.\n",
      "templates/_helpers.tpl": helpers,
      "templates/deployment.yaml": deployment,
      "templates/hpa.yaml": hpa,
      "templates/ingress.yaml": ingress,
      "templates/tests/connection.yaml": connectionTest,
      "charts/postgres-15.2.1.tgz": await archive("postgres", database("postgres", "15.2.1", 5432), checkout),
      "charts/valkey-2.0.3.tgz": await archive("valkey", database("valkey", "2.0.3", 6379), checkout),
    },
  };
}

const chartYaml = `# Made by \`helm create\`, and then grown.
apiVersion: v2
name: storefront
description: The shop <https://shop.example.com> & its sessions
type: application
version: 3.14.0
appVersion: "2026.11"
kubeVersion: ">=1.28.0-0"
home: https://shop.example.com
icon: https://shop.example.com/icon.svg
keywords: [shop, web]
sources: ["https://github.com/acme/storefront"]
maintainers:
  - name: Ada Lovelace
    email: ada@example.com
  - name: 田中
    url: https://example.com
dependencies:
  - name: valkey
    alias: cache
    version: ~2.0.0
    repository: https://charts.example.com
    condition: cache.enabled
  - name: valkey
    alias: sessions
    version: ~2.0.0
    repository: https://charts.example.com
    condition: sessions.enabled,global.sessions
    tags: [stateful]
  - name: postgres
    version: 15.x.x
    repository: https://charts.example.com
    condition: postgres.enabled
    import-values:
      - child: exported
        parent: database
      - connection
`;

const chartLock = `dependencies:
- name: valkey
  repository: https://charts.example.com
  version: 2.0.3
- name: valkey
  repository: https://charts.example.com
  version: 2.0.3
- name: postgres
  repository: https://charts.example.com
  version: 15.2.1
digest: sha256:1e7705500a8f547af6f504f9acc4fafdd04581cb0ba45e8b23d60f21494fdbfa
generated: "2026-11-03T09:12:44.123456789+01:00"
`;

const helmignore = `# Patterns to ignore when building packages.
.DS_Store
# Common VCS dirs
.git/
.gitignore
# Common backup files
*.swp
*.bak
*~
.vscode/
/ci/
docs/
`;

const values = `# Default values for storefront.
replicaCount: 2
image:
  repository: ghcr.io/acme/storefront
  tag: ""
  pullPolicy: IfNotPresent
ingress: {enabled: true, host: shop.example.com, paths: [/, /api]}
autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 9}
resources: &small
  requests: {cpu: 100m, memory: 128Mi}
sidecar:
  resources: *small
tags: {stateful: true}
cache: {enabled: true, port: 6380}
sessions: {enabled: false}
postgres: {enabled: true}
`;

const helpers = `{{- define "storefront.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "storefront.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}}
  template:
    metadata:
      labels: {{- include "storefront.labels" . | nindent 8 }}
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          env:
            - {name: DATABASE, value: {{ dig "host" "none" (.Values.database | default dict) | quote }}}
          resources: {{- toYaml .Values.resources | nindent 12 }}
        - name: sidecar
          image: ghcr.io/acme/sidecar:1
          resources: {{- toYaml .Values.sidecar.resources | nindent 12 }}
`;

const hpa = `{{- with .Values.autoscaling }}
{{- if .enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: {{ $.Release.Name }}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $.Release.Name }}}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
{{- end }}
{{- end }}
`;

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: {{ .Release.Name }}}
spec:
  rules:
    - host: {{ .Values.ingress.host }}
      http:
        paths:
          {{- range .Values.ingress.paths }}
          - path: {{ . }}
            pathType: Prefix
            backend: {service: {name: {{ $.Release.Name }}, port: {number: 80}}}
          {{- end }}
`;

const connectionTest = `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-connection
  annotations: {"helm.sh/hook": test}
spec:
  restartPolicy: Never
  containers: [{name: curl, image: "curl:8", args: ["http://{{ .Release.Name }}"]}]
`;

/** A dependency that someone else published. */
function database(name: string, version: string, port: number): Files {
  return {
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "9"\nmaintainers: [{name: Grace}]\n`,
    "values.yaml": `port: ${port}\nexported: {host: ${name}}\nexports: {connection: {pool: 5}}\n`,
    "templates/service.yaml": `apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
spec: {ports: [{port: {{ .Values.port }}}]}
`,
    ".helmignore": "*.bak\n",
    "README.md": `# ${name}\n`,
  };
}
