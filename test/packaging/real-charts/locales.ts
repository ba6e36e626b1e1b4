import type { RealChart } from "./real-chart.ts";

/** A chart with file names that are not ASCII, or too long for the first field of a tar header. */
export function locales(): RealChart {
  return {
    name: "locales",
    files: {
      "Chart.yaml":
        "apiVersion: v2\nname: locales\nversion: 1.0.0\n" +
        'description: "Übersetzungen – 翻訳 🚀 \\u2028 zero\u200bwidth"\nkeywords: [größe]\n',
      "values.yaml": "language: de\ntexts: {größe: groß, 図: 'zu'}\n",
      "messages/de/Größe.properties": "größe=groß\n",
      // The same letters, in the form in which macOS writes them.
      [`messages/de/${"Größe".normalize("NFD")}.properties`]: "größe=zerlegt\n",
      "messages/ja/図/説明.properties": "図=せつめい\n",
      "messages/🚀 launch/Ωmega & more's.properties": "go=yes\n",
      "messages/ａ.properties": "a=full width\n",
      "messages/\u{1d49c}.properties": "a=script\n",
      [`messages/${"long/".repeat(24)}end.properties`]: "long=yes\n",
      [`messages/${"x".repeat(120)}.properties`]: "longer=yes\n",
      [`messages/${"ö".repeat(100)}.properties`]: "bytes=twice\n",
      "messages/100%.properties": "percent=yes\n",
      "messages/#hash;semi,comma=equals.properties": "signs=yes\n",
      "-rf.txt": "a name like an option\n",
      "templates/メッセージ.yaml": messages,
      "templates/language.yaml":
        "kind: Language\nmetadata: {name: {{ .Values.language }}}\nspec: {{ toYaml .Values.texts | nindent 2 }}\n",
    },
  };
}

const messages = `apiVersion: v1
kind: ConfigMap
metadata: {name: messages}
data:
  files: {{ list | quote }}
{{- range $path, $_ := .Files.Glob "messages/**.properties" }}
  {{ $path | sha256sum }}: {{ $.Files.Get $path | quote }}
{{- end }}
`;
