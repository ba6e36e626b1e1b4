import { createHash } from "node:crypto";
import type { RealChart } from "./real-chart.ts";

/** A chart of 4 MB, nearly all of it in two files that cannot be compressed. */
export function dashboards(): RealChart {
  return {
    name: "dashboards",
    files: {
      "Chart.yaml": "apiVersion: v2\nname: dashboards\nversion: 12.0.0\n",
      "values.yaml": "folder: General\n",
      "files/tiles.bin": noise("tiles", 3 * 2 ** 20),
      "files/font.woff2": noise("font", 2 ** 20 + 1),
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, at) => [
          `dashboards/board-${at}.json`,
          `${JSON.stringify(board(at), undefined, 2)}\n`,
        ]),
      ),
      "dashboards/empty.json": "",
      "templates/boards.yaml": boards,
    },
  };
}

/** The same bytes for the same seed, everywhere. */
function noise(seed: string, length: number): Buffer {
  return createHash("shake256", { outputLength: length }).update(seed).digest();
}

function board(at: number): unknown {
  const panel = (id: number) => ({
    id,
    type: "timeseries",
    title: `Panel ${id}`,
    gridPos: { h: 8, w: 12, x: 0, y: id },
  });
  return { uid: `board-${at}`, title: `Board ${at}`, panels: Array.from({ length: 12 }, (_, id) => panel(id)) };
}

const boards = `{{- range $path, $bytes := .Files.Glob "dashboards/board-1*.json" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ base $path | trimSuffix ".json" }}
  annotations: {folder: {{ $.Values.folder }}}
data:
  {{ base $path }}: {{ $bytes | toString | fromJson | toJson | quote }}
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: tiles}
data:
  tiles: {{ .Files.Get "files/tiles.bin" | sha256sum }}
  font: {{ .Files.Get "files/font.woff2" | sha256sum }}
`;
