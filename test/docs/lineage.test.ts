import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AttestationLineage, readLineage, writeLineage } from "../../formats/release/attestation-lineage.ts";
import { longestMap, mostMapped, readAttestationMap } from "../../formats/release/attestation-map.ts";
import { joinLineage } from "../../formats/release/joined-lineage.ts";
import { codeBlocks, page } from "./markdown.ts";

const blocks = await codeBlocks(["docs/lineage.md"], "json");
const example = blocks.find(({ info }) => info === "json")?.text ?? "";
const schema = blocks.find(({ info }) => info === "json schema")?.text ?? "";
const [map] = await codeBlocks(["docs/lineage.md"], "text");

describe("the lineage in the docs", () => {
  it("is written byte for byte as the program writes it", () => {
    expect(writeLineage(readLineage(example))).toBe(example);
  });

  it("is what the program makes of the map in the docs", () => {
    const { chart, version, tag, digest, revision, pullRequest, attestations } = readLineage(example);
    const { entries } = readAttestationMap(map?.text ?? "");
    const [lint, , own] = attestations;
    const listed = { [digest]: [own?.id], [lint?.digest ?? ""]: [lint?.id] };
    const facts = { chart, version, tag, digest, revision, listed };
    expect(joinLineage({ ...facts, pullRequest: { ...pullRequest!, map: { entries } } })).toEqual(readLineage(example));
  });

  it("has the schema of the program", () => {
    expect(JSON.parse(schema)).toEqual(z.toJSONSchema(AttestationLineage));
  });

  it("has every key in its table", async () => {
    const text = await page("docs/lineage.md");
    const entry = AttestationLineage.shape.attestations.element.shape;
    const keys = [
      ...Object.keys(AttestationLineage.shape),
      ...Object.keys(entry).map((key) => `attestations[].${key}`),
    ];
    expect(
      keys.filter((key) => !new RegExp(`^\\|[^|]*\`${key.replaceAll(/[[\].]/g, "\\$&")}\``, "m").test(text)),
    ).toEqual([]);
  });

  it("names the limits of a map", async () => {
    const text = await page("docs/lineage.md");
    expect(text).toContain(
      `longer than ${longestMap.toLocaleString("en")} characters, has more than ${mostMapped} entries`,
    );
  });
});
