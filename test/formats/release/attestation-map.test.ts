import { describe, expect, it } from "vitest";
import { longestMap, mostMapped, readAttestationMap } from "../../../formats/release/attestation-map.ts";

const digest = `sha256:${"a".repeat(64)}`;
const map = (json: string): string => `Fixes the chart.\r\n\r\n<!-- attestation-map\r\n${json}\r\n-->\r\n`;

describe("readAttestationMap", () => {
  it.each([
    [
      "numbers",
      '{"lint": 41, "test": 7}',
      [
        { name: "lint", id: "41" },
        { name: "test", id: "7" },
      ],
    ],
    [
      "texts",
      '{"lint": "41", "scan": "abc_1-2"}',
      [
        { name: "lint", id: "41" },
        { name: "scan", id: "abc_1-2" },
      ],
    ],
    ["ids with digests", `{"lint": {"id": 41, "digest": "${digest}"}}`, [{ name: "lint", id: "41", digest }]],
    ["ids with more than that", '{"lint": {"id": "41", "url": "https://evil.example"}}', [{ name: "lint", id: "41" }]],
    ["nothing", "{}", []],
  ])("reads %s", (_, json, entries) => {
    expect(readAttestationMap(map(json))).toEqual({ entries });
  });

  it("sorts by name", () => {
    expect(readAttestationMap(map('{"b": 1, "A": 2, "a": 3}')).entries.map(({ name }) => name)).toEqual([
      "A",
      "a",
      "b",
    ]);
  });

  it.each(["<!-- attestation-map {} -->", "<!--ATTESTATION_MAP\n{}-->", "<!--\n Attestation-Map\n{}\n-->"])(
    "finds the map in %j",
    (description) => {
      expect(readAttestationMap(description)).toEqual({ entries: [] });
    },
  );

  it.each([
    ["an empty description", "", "has no attestation map"],
    ["another comment", "<!-- a note --> attestation-map {}", "has no attestation map"],
    ["a longer word", "<!-- attestation-maps {} -->", "has no attestation map"],
    ["two maps", map("{}") + map('{"lint": 1}'), "has 2 attestation maps, so none of them counts"],
    ["a map in a map", map('<!-- attestation-map {"lint": 1} -->'), "has 2 attestation maps, so none of them counts"],
    ["no end", "<!-- attestation-map {}", "has an attestation map without an end (`-->`)"],
    ["an end inside", '<!-- attestation-map {"a-->": 1} -->', "has an attestation map that is not JSON"],
    ["no JSON", map("lint: 41"), "has an attestation map that is not JSON"],
    ["no content", "<!-- attestation-map -->", "has an attestation map that is not JSON"],
    ["a list", map("[1]"), "has an attestation map that is not a JSON object"],
    ["null", map("null"), "has an attestation map that is not a JSON object"],
    ["a huge map", map(`{"lint": 1}${" ".repeat(longestMap)}`), "has an attestation map of more than 16384 characters"],
    ["a negative id", map('{"lint": -1}'), badEntry("lint")],
    ["an id that is rounded", map('{"lint": 12345678901234567890}'), badEntry("lint")],
    ["an id with a space", map('{"lint": "4 1"}'), badEntry("lint")],
    ["a long id", map(`{"lint": "${"1".repeat(65)}"}`), badEntry("lint")],
    ["an id that is an object of something else", map('{"lint": {"number": 41}}'), badEntry("lint")],
    ["a digest of another kind", map('{"lint": {"id": 41, "digest": "sha512:00"}}'), badEntry("lint")],
    ["one wrong entry among others", map('{"a": 1, "lint": null}'), badEntry("lint")],
  ])("uses nothing of a description with %s", (_, description, problem) => {
    expect(readAttestationMap(description)).toEqual({ entries: [], problem });
  });

  it.each(["", "__proto__", "a\\u001b[31m", "a`b", " a", "a".repeat(101)])("uses nothing with the name %j", (name) => {
    const { entries, problem } = readAttestationMap(map(`{"${name}": 1}`));
    expect([entries, problem]).toEqual([[], "has an attestation map with a name that is not the name of a check"]);
  });

  it("uses nothing of a map with too many entries", () => {
    const all = Object.fromEntries(Array.from({ length: mostMapped + 1 }, (_, at) => [`check-${at}`, at + 1]));
    expect(readAttestationMap(map(JSON.stringify(all)))).toEqual({
      entries: [],
      problem: "has an attestation map with more than 32 entries",
    });
    delete all["check-0"];
    expect(readAttestationMap(map(JSON.stringify(all))).entries).toHaveLength(mostMapped);
  });

  it("finds no map in half a million beginnings of comments", () => {
    const description = `${"<!--".repeat(300_000)}${"<!-- ".repeat(200_000)}${" ".repeat(200_000)}`;
    expect(readAttestationMap(description)).toEqual({ entries: [], problem: "has no attestation map" });
  });
});

function badEntry(name: string): string {
  return `has an attestation map in which \`${name}\` is not an id, or an id and a digest`;
}
