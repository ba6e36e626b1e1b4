import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files of a small chart `app` that helm packages. */
export const appChart: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n",
  "values.yaml": "replicas: 1\n",
  "templates/app.yaml": "kind: ConfigMap\n",
};

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
