import { describe, expect, it } from "vitest";
import { readRecord, recordText } from "../../formats/release-record.ts";
import type { ReleaseRecord } from "../../formats/release-record.ts";
import { seededRandom, shuffled } from "./seeded-random.ts";

const sha = (digit: string): string => digit.repeat(64);

const record: ReleaseRecord = {
  unit: "app",
  version: "1.2.3",
  revision: "c0ffee",
  gitTag: "v1.2.3",
  artifacts: {
    worker: {
      kind: "image",
      repository: "ghcr.io/acme/worker",
      tag: "1.2.3",
      digest: `sha256:${sha("b")}`,
      buildInputs: sha("2"),
    },
    api: {
      kind: "image",
      repository: "ghcr.io/acme/api",
      tag: "1.2.3",
      digest: `sha256:${sha("a")}`,
      buildInputs: sha("1"),
    },
  },
  assets: { "install.yaml": sha("d"), "checksums.txt": sha("c") },
  policy: { signing: "off" },
};

/** The same value with the keys of every object put in in another order. */
function reordered(value: unknown, random: (below: number) => number): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    shuffled(Object.entries(value), random).map(([key, inner]) => [key, reordered(inner, random)]),
  );
}

describe("when a record is written", () => {
  it("can be read back", () => {
    expect(readRecord(recordText(record))).toEqual(record);
  });

  it("is an in-toto statement whose subjects are sorted by name", () => {
    const { _type, subject } = JSON.parse(recordText(record)) as {
      _type: string;
      subject: { name: string; digest: { sha256: string } }[];
    };
    expect(_type).toBe("https://in-toto.io/Statement/v1");
    expect(subject).toEqual([
      { name: "checksums.txt", digest: { sha256: sha("c") } },
      { name: "ghcr.io/acme/api", digest: { sha256: sha("a") } },
      { name: "ghcr.io/acme/worker", digest: { sha256: sha("b") } },
      { name: "install.yaml", digest: { sha256: sha("d") } },
    ]);
  });

  it("has its keys sorted", () => {
    const { predicate } = JSON.parse(recordText(record)) as { predicate: Record<string, object> };
    expect(Object.keys(predicate)).toEqual(["artifacts", "assets", "gitTag", "policy", "revision", "unit", "version"]);
    expect(Object.keys(predicate["artifacts"] ?? {})).toEqual(["api", "worker"]);
  });

  it("ends with a line end", () => {
    expect(recordText(record)).toMatch(/[^\n]\n$/);
  });

  it("is the same bytes whatever order its keys came in", () => {
    const random = seededRandom(7);
    const texts = Array.from({ length: 200 }, () => recordText(reordered(record, random) as ReleaseRecord));
    expect(new Set(texts)).toEqual(new Set([recordText(record)]));
  });

  it("says another digest with other bytes", () => {
    expect(recordText({ ...record, assets: { "install.yaml": sha("e") } })).not.toBe(recordText(record));
  });
});

describe("when a text is no record", () => {
  const text = recordText(record);
  it.each([
    ["empty", ""],
    ["no JSON", "not found"],
    ["null", "null"],
    ["another statement", text.replace("Statement/v1", "Statement/v0.1")],
    ["another predicate", text.replace("release/v1", "release/v2")],
    ["cut off", text.slice(0, 200)],
    ["with a digest that is none", text.replaceAll(`sha256:${sha("a")}`, "sha256:abc")],
    ["with another policy", text.replace('"off"', '"on"')],
    ["with a policy that names nobody", text.replace('"off"', "{}")],
  ])("gives nothing: %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(readRecord(other)).toBeUndefined();
  });
});

describe("when a later version of the format has more keys", () => {
  it("reads what it knows", () => {
    expect(readRecord(recordText(record).replace('"unit": "app"', '"more": 1, "unit": "app"'))).toEqual(record);
  });
});

describe("when a record says what is attached", () => {
  const { worker, ...others } = record.artifacts;
  const attestations = ["https://slsa.dev/provenance/v1", "https://spdx.dev/Document"];
  const attested = { ...record, artifacts: { ...others, worker: { ...worker!, attestations } } };

  it("can be read back", () => {
    expect(readRecord(recordText(attested))).toEqual(attested);
  });

  it("changes nothing in a record that does not say it", () => {
    const silent = { ...record, artifacts: { ...others, worker: { ...worker!, attestations: undefined } } };
    expect(recordText(silent)).toBe(recordText(record));
  });
});

describe("when a signed release is recorded", () => {
  const identity = {
    issuer: "https://token.actions.githubusercontent.com",
    workflow: "acme/app/.github/workflows/release.yml",
    refs: "refs/tags/*",
  };
  const signed: ReleaseRecord = { ...record, policy: { signing: identity } };

  it("names who must have signed", () => {
    const { predicate } = JSON.parse(recordText(signed)) as { predicate: ReleaseRecord };
    expect(predicate.policy).toEqual({ signing: identity });
  });

  it("can be read back", () => {
    expect(readRecord(recordText(signed))).toEqual(signed);
  });

  it("reads what it knows of the identity where a later version says more", () => {
    expect(readRecord(recordText(signed).replace('"issuer":', '"more": 1, "issuer":'))).toEqual(signed);
  });
});
