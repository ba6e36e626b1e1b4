import { archive } from "./real-chart.ts";
import type { Checkout, Files, RealChart } from "./real-chart.ts";

/** A chart with dependencies of OCI registries, one of which has another archive in itself. */
export async function analytics(checkout: Checkout): Promise<RealChart> {
  const exporter = await archive("exporter", part("exporter", "0.3.0"), checkout);
  const warehouse: Files = {
    ...part(
      "warehouse",
      "24.1.0",
      "dependencies:\n- name: exporter\n  version: 0.x.x\n  repository: oci://quay.io/acme\n",
    ),
    "charts/exporter-0.3.0.tgz": exporter,
    "charts/_readme.txt": "dropped by helm",
  };
  return {
    name: "analytics",
    files: {
      "Chart.yaml": `apiVersion: v2
name: analytics
version: 2.0.0
appVersion: 1.10.0
dependencies:
- name: warehouse
  version: 24.1.0
  repository: oci://registry-1.docker.io/acmecharts
- {name: queue, version: "v1.x.x", repository: "oci://ghcr.io/acme/charts", condition: queue.enabled}
`,
      "Chart.lock": `dependencies:
- name: warehouse
  repository: oci://registry-1.docker.io/acmecharts
  version: 24.1.0
- name: queue
  repository: oci://ghcr.io/acme/charts
  version: v1.2.0
digest: sha256:5b774e400e8760cacfe33f41f2b1dc42e71540349f52bb513b0374187dbd4df2
generated: "2026-09-30T23:59:59.5Z"
`,
      "values.yaml": "global: {storageClass: fast}\nqueue: {enabled: true}\nwarehouse: {exporter: {size: 3}}\n",
      "templates/reports.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: reports}
data: {subcharts: "{{ keys .Subcharts | sortAlpha | join "," }}"}
`,
      "charts/warehouse-24.1.0.tgz": await archive("warehouse", warehouse, checkout),
      "charts/queue-v1.2.0.tgz": await archive("queue", part("queue", "v1.2.0"), checkout),
      "charts/.gitkeep": "",
    },
  };
}

function part(name: string, version: string, more = ""): Files {
  return {
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\n${more}`,
    "values.yaml": "size: 1\n",
    "values.schema.json": '{"type": "object", "properties": {"size": {"type": "integer"}}}\n',
    "templates/set.yaml": `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec: {replicas: {{ .Values.size }}, storage: {{ (.Values.global).storageClass | default "none" }}}
`,
    "files/init.sh": "#!/bin/sh\nexit 0\n",
  };
}
