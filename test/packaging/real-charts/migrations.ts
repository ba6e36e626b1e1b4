import type { RealChart } from "./real-chart.ts";

/** Hooks, files in templates, links within the chart, scripts, empty files, and a .helmignore of every kind of rule. */
export function migrations(): RealChart {
  return {
    name: "migrations",
    files: {
      "Chart.yaml": `apiVersion: v2
name: migrations
version: "2026.11.5" # a calendar version
description: >-
  Folded
  text: with a colon
annotations: &notes
  example.com/one: "1"
  "example.com/two": |-
    two
    lines
sources: [https://github.com/acme/migrations, "https://example.com/a?b=1&c=<d>"]
`,
      ".helmignore": helmignore,
      "values.yaml": "database: app\nschemas: [public, audit]\nextra: 'note: {{ .Release.Name }}'\n",
      "sql/001-create.sql": "CREATE TABLE a (id int);\n",
      "sql/002-index.sql": "CREATE INDEX b ON a (id);\n",
      "sql/002-index.sql.bak": "not packaged\n",
      "sql/drafts/003.sql": "not packaged\n",
      "sql/old1.sql": "not packaged\n",
      "sql/olde.sql": "packaged\n",
      "scripts/migrate.sh": '#!/bin/sh\npsql -f "$1"\n',
      "scripts/empty": "",
      "files/!important.txt": "not packaged\n",
      "files/a b.txt": "not packaged\n",
      "files/[x].txt": "not packaged\n",
      "files/kept/build": "a file, no folder\n",
      "build/out.txt": "not packaged\n",
      "files/build/out.txt": "not packaged\n",
      ".github/workflows/lint.yml": "not packaged\n",
      ".editorconfig": "root = true\n",
      "templates/NOTES.txt": "Migrated {{ .Values.database }}.\n",
      "templates/job.yaml": job,
      "templates/config.yaml": config,
      "templates/tests/rows.yaml": "kind: Pod\nmetadata: {name: rows, annotations: {helm.sh/hook: test}}\n",
      "templates/sub/.helmkeep": "",
    },
    links: {
      "files/latest.sql": "../sql/002-index.sql",
      "legacy-sql": "sql",
      LICENSE: "files/licence.txt",
      "files/licence.txt": "kept/build",
    },
    scripts: ["scripts/migrate.sh"],
    empty: ["templates/empty", "files/none/deeper"],
  };
}

const helmignore = `
# Of every kind
  *.bak  
/.github/
build/
sql/drafts
/sql/old[0-9].sql
files/?b.*
files/a?b.txt
\\!important.txt
files/\\[x\\].txt
[^!-~]*
# *.sql
.#*
`;

const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-{{ .Values.database }}
  annotations:
    "helm.sh/hook": pre-install,pre-upgrade
    "helm.sh/hook-weight": "-5"
    "helm.sh/hook-delete-policy": before-hook-creation
    checksum/sql: {{ (.Files.Glob "sql/*.sql").AsConfig | sha256sum }}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: psql, image: "postgres:17"}]}}}
`;

const config = `apiVersion: v1
kind: ConfigMap
metadata: {name: sql}
data:
  extra: {{ tpl .Values.extra . | quote }}
  files: "{{ range $path, $_ := .Files.Glob "**" }}{{ $path }} {{ end }}"
  {{- (.Files.Glob "{sql,legacy-sql,files}/*.sql").AsConfig | nindent 2 }}
---
apiVersion: v1
kind: Secret
metadata: {name: scripts}
data: {{- (.Files.Glob "scripts/*").AsSecrets | nindent 2 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: lines}
data:
  {{- range $at, $line := .Files.Lines "scripts/migrate.sh" }}
  line-{{ $at }}: {{ $line | quote }}
  {{- end }}
  missing: {{ .Files.Get ".github/workflows/lint.yml" | quote }}
`;
