import { describe, expect, it } from "vitest";
import { writeChecksums, checksumsName } from "../../formats/release/checksums.ts";
import { computeDigest } from "../../formats/artifact/digest.ts";
import { readRecord, writeRecord } from "../../formats/release/release-record.ts";
import { codeBlocks } from "./markdown.ts";

const [example] = await codeBlocks(["docs/release-record.md"], "json");
const record = readRecord(example?.text ?? "");

describe("the record in the docs", () => {
  it("is a record", () => {
    expect(record).toMatchObject({ unit: "widgets", version: "1.2.3" });
  });

  it("is written byte for byte as the program writes it", () => {
    expect(writeRecord(record!)).toBe(example?.text);
  });

  it("names the checksums of the files that it names", () => {
    const { [checksumsName]: sums, ...files } = record!.assets;
    const text = writeChecksums(Object.entries(files).map(([name, sha256]) => ({ name, sha256 })));
    expect(sums).toBe(computeDigest(text).slice("sha256:".length));
  });
});
