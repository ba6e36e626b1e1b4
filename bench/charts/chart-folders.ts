/** The version of every chart. */
export const chartVersion = "1.2.3";

/** `chart-00`, `chart-01` and so on. */
export function chartNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `chart-${String(at).padStart(2, "0")}`);
}

/** The files of charts of an ordinary size, with their texts by path: eight templates, values, README, CHANGELOG and LICENSE each. */
export function chartFiles(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => oneChart(name)));
}

function oneChart(name: string): [string, string][] {
  const text = (what: string, lines: number): string =>
    Array.from({ length: lines }, (_, at) => `# ${what} of ${name}, line ${at}: ${(at * 7919) % 104_729}\n`).join("");
  const files: Record<string, string> = {
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${chartVersion}\ndescription: A chart of the benchmark\n`,
    "values.yaml": `replicas: 1\n${text("values", 120)}`,
    "README.md": text("readme", 150),
    "CHANGELOG.md": `## ${chartVersion}\n\n- The first release of ${name}\n`,
    LICENSE: text("licence", 200),
    ...Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [
        `templates/object-${at}.yaml`,
        `kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-${at}\n${text("template", 40)}`,
      ]),
    ),
  };
  return Object.entries(files).map(([path, content]) => [`charts/${name}/${path}`, content]);
}
