import { archive } from "./real-chart.ts";
import type { Checkout, Files, RealChart } from "./real-chart.ts";

/** A chart that was edited on Windows: each file begins with a byte order mark, and lines end with CR LF. */
export async function windowsAgent(checkout: Checkout): Promise<RealChart> {
  const shell = await archive("shell", onWindows(shellFiles), checkout);
  return { name: "windows-agent", files: { ...onWindows(files), "charts/shell-5.1.0.tgz": shell } };
}

function onWindows(written: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(
    Object.entries(written).map(([path, text]) => [path, `\ufeff${text.replaceAll("\n", "\r\n")}`]),
  );
}

const files = {
  "Chart.yaml": `apiVersion: v2
name: windows-agent
version: 5.1.2
description: |
  Two lines
  of text
dependencies:
  - {name: shell, version: 5.1.0, repository: "https://charts.example.com"}
`,
  ".helmignore": "*.log\nbuild/\n",
  "values.yaml": "greeting: |\n  Hello\n  World\nport: 5985\n",
  "values.schema.json": '{\n  "type": "object"\n}\n',
  "README.md": "# windows-agent\n\nLine.\n",
  "crds/agents.yaml": "kind: CustomResourceDefinition\nmetadata: {name: agents}\n",
  "files/install.ps1": 'Write-Output "Größe"\n',
  "files/twice.txt": "\ufeffthe second mark stays\n",
  "agent.log": "not packaged\n",
  "build/agent.exe": "not packaged\n",
  "templates/_names.tpl": '{{- define "agent.name" -}}\nagent\n{{- end }}\n',
  "templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ include "agent.name" . | trim }}}
data:
  greeting: {{ .Values.greeting | quote }}
  install: {{ .Files.Get "files/install.ps1" | b64enc }}
  twice: {{ .Files.Get "files/twice.txt" | b64enc }}
`,
};

const shellFiles = {
  "Chart.yaml": "apiVersion: v2\nname: shell\nversion: 5.1.0\n",
  "values.yaml": "shell: pwsh\n",
  "templates/shell.yaml": "kind: Shell\nmetadata: {name: shell}\nspec: {shell: {{ .Values.shell }}}\n",
};
