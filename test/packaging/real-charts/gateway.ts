import type { RealChart } from "./real-chart.ts";

/** A chart whose values have a schema. */
export function gateway(): RealChart {
  return {
    name: "gateway",
    files: {
      "Chart.yaml":
        "name: gateway\nversion: 0.1.0\napiVersion: v2\ndeprecated: true\nhome: https://example.com/gateway\n",
      "values.yaml": values,
      "values.schema.json": `${JSON.stringify(schema, undefined, 2)}\n`,
      "values-production.yaml": "replicas: 5\n",
      "templates/routes.yaml": routes,
      "templates/_unused.tpl": '{{ define "unused" }}{{ end }}',
      "templates/validate.yaml": '{{- if gt (int .Values.replicas) 9 }}{{ fail "too many" }}{{ end -}}\n',
      "readme.txt": "A file that helm does not show.\n",
    },
  };
}

const values = `# -- How many
replicas: 3
# -- Where requests go, by the beginning of their path
routes:
  /api: {service: api, port: 8080, timeout: 30s}
  /: {service: web, port: 80}
---
# A second document is merged.
tls: {minimum: "1.3"}
`;

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["replicas", "routes"],
  properties: {
    replicas: { type: "integer", minimum: 1 },
    routes: { type: "object", additionalProperties: { $ref: "#/$defs/route" } },
    tls: { type: "object", properties: { minimum: { enum: ["1.2", "1.3"] } } },
  },
  $defs: {
    route: {
      type: "object",
      required: ["service", "port"],
      properties: {
        service: { type: "string", pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$" },
        port: { type: "integer", maximum: 65535 },
        timeout: { type: "string", description: "Go's notation: 30s, 1m30s" },
      },
    },
  },
};

const routes = `{{- range $path, $route := .Values.routes }}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ $route.service }}
spec:
  rules:
    - matches: [{path: {type: PathPrefix, value: {{ $path | quote }}}}]
      backendRefs: [{name: {{ $route.service }}, port: {{ $route.port }}}]
      {{- with $route.timeout }}
      timeouts: {request: {{ . }}}
      {{- end }}
{{- end }}
`;
