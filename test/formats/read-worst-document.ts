import { readManifest } from "../../formats/artifact/manifest.ts";
import { parseRecord } from "../../formats/release/release-record.ts";
import { readStatement } from "../../formats/signing/statement.ts";

// Reads a document as large as may be, of a given kind and shape, and prints by how many bytes this process grew.
const [, , kind = "", shape = ""] = process.argv;
const size = 8 * 2 ** 20;

const shapes: Readonly<Record<string, () => string>> = {
  "empty lists": () => `[${"[],".repeat(size / 3 - 1)}[]]`,
  "a million empty objects": () => `{"manifests":[${"{},".repeat(499_990)}{}]}`,
  "a million descriptors": () => `{"manifests":[${'{"digest":"","size":1},'.repeat(300_000)}{}]}`,
  depth: () => `${"[".repeat(900_000)}${"]".repeat(900_000)}`,
  "one text": () => `{"annotations":{"a":"${"x".repeat(size)}"}}`,
};
const readers: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  manifest: (bytes) => readManifest(bytes),
  record: (bytes) => parseRecord(bytes.toString("utf8")),
  statement: (bytes) => readStatement(bytes),
};

const bytes = Buffer.from(shapes[shape]?.() ?? "");
const before = process.memoryUsage.rss();
try {
  readers[kind]?.(bytes);
} catch (error) {
  if (!(error instanceof Error)) {
    throw error;
  }
}
process.stdout.write(String(process.memoryUsage.rss() - before));
