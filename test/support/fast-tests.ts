import { dirname, join } from "node:path/posix";
import type { SourceFile } from "../code/source-files.ts";

/** Modules that tests start processes with, or reach servers that they have started. */
const starters: ReadonlySet<string> = new Set(["execa", "node:child_process", "pg"]);

/** Starts the sandbox, and with it the registry and the builder. */
const sandbox = "sandbox/sandbox.ts";

/** Tests that start a process only through the code that they test, so that no import of theirs shows it. */
export const startedByTheCode: readonly string[] = [
  "test/clients/registry/docker-credentials.test.ts",
  "test/observe/source/artifact/chart-judgement.test.ts",
  "test/packaging/helm-packages.test.ts",
  "test/packaging/ignored-files.test.ts",
  "test/packaging/helm/helm.test.ts",
  "test/toolchain/postgresql.test.ts",
  "test/toolchain/tools.test.ts",
  "test/toolchain/tools/command.test.ts",
];

/**
 * The tests that need no engine, sandbox, builder, browser, or other process, as paths in the order given. A test is fast if neither it
 * nor another file of test/ that it imports can start a process, and if none of them reaches the sandbox.
 *
 * @param files Every file of test/ and sandbox/.
 */
export function fastTests(files: readonly SourceFile[]): string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return [...texts.keys()].filter(
    (path) => path.endsWith(".test.ts") && !startedByTheCode.includes(path) && !startsSomething(path, texts, new Set()),
  );
}

function startsSomething(path: string, texts: ReadonlyMap<string, string>, seen: Set<string>): boolean {
  if (path === sandbox) {
    return true;
  }
  const text = texts.get(path);
  if (text === undefined || seen.has(path)) {
    return false;
  }
  seen.add(path);
  const isTest = path.startsWith("test/");
  return importsOf(text).some((name) =>
    name.startsWith(".") ? startsSomething(join(dirname(path), name), texts, seen) : isTest && starters.has(name),
  );
}

/** What a text imports for its values; types start nothing. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)(?! type\b)[^;"]*?"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
    ([, stated, called]) => stated ?? called ?? "",
  );
}
