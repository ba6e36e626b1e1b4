import { archive } from "./real-chart.ts";
import type { Checkout, Files, RealChart } from "./real-chart.ts";

/** A chart on its way from one version of a dependency to the next: it has both, under aliases. helm cannot package it. */
export async function twins(checkout: Checkout): Promise<RealChart> {
  return {
    name: "twins",
    files: {
      "Chart.yaml": `apiVersion: v2
name: twins
version: 1.0.0
dependencies:
  - {name: store, alias: old, version: 1.x.x, repository: "https://charts.example.com"}
  - {name: store, alias: new, version: 2.x.x, repository: "https://charts.example.com"}
`,
      "charts/store-1.9.0.tgz": await archive("store", store("1.9.0"), checkout),
      "charts/store-2.1.0.tgz": await archive("store", store("2.1.0"), checkout),
    },
  };
}

function store(version: string): Files {
  return {
    "Chart.yaml": `apiVersion: v2\nname: store\nversion: ${version}\n`,
    "templates/store.yaml": "kind: Store\nmetadata:\n  name: {{ .Chart.Name }}-{{ .Chart.Version }}\n",
  };
}
