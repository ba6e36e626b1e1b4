import type { RealChart } from "./real-chart.ts";

/** An operator: custom resource definitions in crds/ and rights for it. */
export function ledgerOperator(): RealChart {
  return {
    name: "ledger-operator",
    files: {
      "Chart.yaml": chartYaml,
      LICENSE: "Apache License 2.0\n",
      "CHANGELOG.md": "# Changelog\n\n## 0.9.0\n\n- Ledgers\n",
      "values.yaml":
        'installCRDs: true\nwatch: [default, "finance"]\nlogLevel: info\nimage: ghcr.io/acme/ledger-operator\n',
      "crds/ledgers.yaml": crd("Ledger", "ledgers"),
      "crds/nested/entries.yaml": `${crd("Entry", "entries")}---\n${crd("Audit", "audits")}`,
      "crds/README.md": "Do not edit these.\n",
      "templates/rbac.yaml": rbac,
      "templates/deployment.yaml": deployment,
      "templates/crd-policy.yml": "{{/* nothing but this */}}\n",
      Makefile: "crds:\n\tcontroller-gen crd output:dir=crds\n",
    },
  };
}

const chartYaml = `apiVersion: v2
name: ledger-operator
version: 0.9.0-rc.1+build.7
appVersion: v0.9.0-rc.1
description: |
  Runs ledgers.

  Two paragraphs, with a "quote" and a back\\slash.
annotations:
  artifacthub.io/operator: "true"
  artifacthub.io/prerelease: "true"
  artifacthub.io/crds: |
    - kind: Ledger
      version: v1
      name: ledgers.acme.example.com
      displayName: Ledger
      description: A ledger
  artifacthub.io/changes: |
    - kind: added
      description: Ledgers
`;

function crd(kind: string, plural: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${plural}.acme.example.com
  annotations: {controller-gen.kubebuilder.io/version: v0.16.1}
spec:
  group: acme.example.com
  names: {kind: ${kind}, plural: ${plural}}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          description: 'A template is no template here: {{ .Values.nope }}'
          type: object
          properties:
            spec: {type: object, properties: {currency: {type: string, pattern: '^[A-Z]{3}$'}}}
`;
}

const rbac = `apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}
{{- range $namespace := .Values.watch }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: {{ $.Release.Name }}, namespace: {{ $namespace }}}
rules: [{apiGroups: [acme.example.com], resources: ["*"], verbs: [get, list, watch, update]}]
{{- end }}
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations: {checksum/crds: {{ .Files.Get "crds/ledgers.yaml" | sha256sum }}}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
        - name: operator
          image: "{{ .Values.image }}:{{ .Chart.AppVersion }}"
          args: [--log-level={{ .Values.logLevel }}, "--watch={{ join "," .Values.watch }}"]
          {{- if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}
          ports: [{name: metrics, containerPort: 8080}]
          {{- end }}
`;
