import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecord, readRecord, writeRecord } from "../../../formats/release/release-record.ts";
import type { PinRecord, ReleaseRecord } from "../../../formats/release/release-record.ts";
import { seededRandom, shuffled } from "../seeded-random.ts";

const sha = (digit: string): string => digit.repeat(64);

const record: ReleaseRecord = {
  unit: "app",
  version: "1.2.3",
  revision: "c0ffee11".repeat(5),
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

/** What a chart's entry says of a value. */
const pin: PinRecord = {
  path: "image.digest",
  form: "digest",
  artifact: "api",
  version: "1.2.3",
  digest: `sha256:${sha("a")}`,
};

/** The same value with the keys of every object put in in another order. */
function reordered(value: unknown, random: (below: number) => number): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    shuffled(Object.entries(value), random).map(([key, inner]) => [key, reordered(inner, random)]),
  );
}

describe("recordText", () => {
  it("can be read back", () => {
    expect(readRecord(writeRecord(record))).toEqual(record);
  });

  it("is an in-toto statement whose subjects are sorted by name", () => {
    const { _type, subject } = JSON.parse(writeRecord(record)) as {
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
    const { predicate } = JSON.parse(writeRecord(record)) as { predicate: Record<string, object> };
    expect(Object.keys(predicate)).toEqual(["artifacts", "assets", "gitTag", "policy", "revision", "unit", "version"]);
    expect(Object.keys(predicate["artifacts"] ?? {})).toEqual(["api", "worker"]);
  });

  it("ends with a line end", () => {
    expect(writeRecord(record)).toMatch(/[^\n]\n$/);
  });

  it("is the same bytes whatever order its keys came in", () => {
    const random = seededRandom(7);
    const texts = Array.from({ length: 200 }, () => writeRecord(reordered(record, random) as ReleaseRecord));
    expect(new Set(texts)).toEqual(new Set([writeRecord(record)]));
  });

  it("says another digest with other bytes", () => {
    expect(writeRecord({ ...record, assets: { "install.yaml": sha("e") } })).not.toBe(writeRecord(record));
  });
});

describe("readRecord, when a text is not a record", () => {
  const text = writeRecord(record);
  it.each([
    ["empty", ""],
    ["no JSON", "not found"],
    ["null", "null"],
    ["another statement", text.replace("Statement/v1", "Statement/v0.1")],
    ["another predicate", text.replace("release/v1", "release/v2")],
    ["cut off", text.slice(0, 200)],
    ["with an invalid digest", text.replaceAll(`sha256:${sha("a")}`, "sha256:abc")],
    ["with another policy", text.replace('"off"', '"on"')],
    ["with a policy that names nobody", text.replace('"off"', "{}")],
  ])("gives nothing: %s", (_, other) => {
    expect(other).not.toBe(text);
    expect(readRecord(other)).toBeUndefined();
  });
});

/** A record's text with another predicate; its subjects stay as they are. */
function withPredicate(predicate: unknown): string {
  return JSON.stringify({ ...(JSON.parse(writeRecord(record)) as object), predicate });
}

/** Texts that do not belong into any field, and what each would do to a terminal or a request. */
const strangeTexts = {
  "a line end": "1.2.3\n  kept    everything is fine",
  "an escape": "\u001B[2J",
  "the escape of one byte": "\u009B2J",
  "a turned direction": "\u202E",
  "a way out of a path": "../../other",
  "a login": "http://user:password@host/x",
  "a space": "a b",
  "too many letters": "a.".repeat(50_000),
  nothing: "",
};
const fields: readonly [path: string, replace: (text: string) => unknown][] = [
  ["predicate.unit", (unit) => ({ ...record, unit })],
  ["predicate.version", (version) => ({ ...record, version })],
  ["predicate.revision", (revision) => ({ ...record, revision })],
  ["predicate.gitTag", (gitTag) => ({ ...record, gitTag })],
  ...(["kind", "repository", "tag", "digest", "buildInputs"] as const).map((key): (typeof fields)[number] => [
    `predicate.artifacts.api.${key}`,
    (text) => ({ ...record, artifacts: { api: { ...record.artifacts["api"], [key]: text } } }),
  ]),
  [
    "predicate.artifacts.api.attestations.0",
    (text) => ({ ...record, artifacts: { api: { ...record.artifacts["api"], attestations: [text] } } }),
  ],
  ...(["path", "form", "artifact", "version", "digest"] as const).map((key): (typeof fields)[number] => [
    `predicate.artifacts.api.pins.0.${key}`,
    (text) => ({ ...record, artifacts: { api: { ...record.artifacts["api"], pins: [{ ...pin, [key]: text }] } } }),
  ]),
  ["predicate.assets.app.tgz", (text) => ({ ...record, assets: { "app.tgz": text } })],
];

describe.each(Object.entries(strangeTexts))("readRecord, when a field has %s", (what, strange) => {
  // Some fields may have what is strange in others: a git tag dots and letters, a predicate type the whole of an address.
  const fits: Record<string, readonly string[]> = {
    "a login": ["predicate.artifacts.api.attestations.0", "predicate.artifacts.api.pins.0.path"],
    "a space": ["predicate.artifacts.api.pins.0.path"],
    "a way out of a path": ["predicate.artifacts.api.attestations.0"],
  };
  it.each(fields.filter(([path]) => !fits[what]?.includes(path)))("is no record, and %s is named", (path, replace) => {
    const said = `\`${path}\` is not as Lockstep writes it`;
    expect(parseRecord(withPredicate(replace(strange)))).toEqual({ reason: said });
  });
  it("shows nothing of it if it is a name", () => {
    const artifacts = { [strange]: record.artifacts["api"] };
    const assets = { [strange]: sha("a") };
    const found = [{ artifacts }, { assets }].map((change) => parseRecord(withPredicate({ ...record, ...change })));
    const said = (key: string) => ({ reason: `\`predicate.${key}.…\` is not as Lockstep writes it` });
    expect(found).toEqual([said("artifacts"), said("assets")]);
  });
});

describe("readRecord, when a version has build metadata", () => {
  it("reads it, and the file that is named by it", () => {
    const built = { ...record, version: "1.2.3+5", gitTag: "app-v1.2.3+5", assets: { "app-1.2.3+5.tgz": sha("a") } };
    expect(readRecord(writeRecord(built))).toEqual(built);
  });
});

describe("readRecord, when anything else stands in place of a record", () => {
  it("is not parsed if it is more than a machine can hold", () => {
    expect(parseRecord("[".repeat(1_000_001))).toEqual({ reason: "the document has more than a million values" });
  });
  it("is no record, however deep it is", () => {
    const deep = `${"[".repeat(400_000)}${"]".repeat(400_000)}`;
    expect(parseRecord(deep)).toEqual({ reason: "is not a statement of a release" });
    expect(readRecord(writeRecord(record).replace('"unit": "app"', `"more": ${deep}, "unit": "app"`))).toEqual(record);
  });
  it("is printable and can be written again, or is no record, whatever stands in a field", () => {
    const { predicate } = JSON.parse(writeRecord(record)) as { predicate: Record<string, unknown> };
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: "binary" }),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(predicate)), anything, (key, value) => {
        const read = parseRecord(withPredicate({ ...predicate, [key]: value }));
        expect(Object.values(read).map((one) => JSON.stringify(one))).toEqual([
          expect.stringMatching(/^[^\p{Cc}\p{Cf}\\]*$/u),
        ]);
        const again = "record" in read ? parseRecord(writeRecord(read.record)) : read;
        expect(again).toEqual(read);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});

describe("the release record, when a later version of the format has more keys", () => {
  it("reads what it knows", () => {
    expect(readRecord(writeRecord(record).replace('"unit": "app"', '"more": 1, "unit": "app"'))).toEqual(record);
  });
});

describe("the release record, when a record says what is attached", () => {
  const { worker, ...others } = record.artifacts;
  const attestations = ["https://slsa.dev/provenance/v1", "https://spdx.dev/Document"];
  const attested = { ...record, artifacts: { ...others, worker: { ...worker!, attestations } } };

  it("can be read back", () => {
    expect(readRecord(writeRecord(attested))).toEqual(attested);
  });

  it("changes nothing in a record that does not say it", () => {
    const silent = { ...record, artifacts: { ...others, worker: { ...worker!, attestations: undefined } } };
    expect(writeRecord(silent)).toBe(writeRecord(record));
  });
});

describe("the release record, when files have no bundle", () => {
  it("names them, and can be read back", () => {
    const unsigned = { ...record, unsigned: ["install.yaml"] };
    expect(readRecord(writeRecord(unsigned))).toEqual(unsigned);
  });

  it("is not a record if one of them has a name that no asset can have", () => {
    expect(parseRecord(withPredicate({ ...record, unsigned: ["../install.yaml"] }))).toEqual({
      reason: "`predicate.unsigned.0` is not as Lockstep writes it",
    });
  });
});

describe("the release record, when a chart pins an image", () => {
  const chart = {
    ...record.artifacts["worker"]!,
    kind: "chart",
    pins: [pin, { ...pin, path: "image.tag", form: "tag" as const }],
  };
  const pinned = { ...record, artifacts: { ...record.artifacts, chart } };

  it("can be read back", () => {
    expect(readRecord(writeRecord(pinned))).toEqual(pinned);
  });

  it("has no key of it in an entry without pins", () => {
    expect(writeRecord(record)).not.toContain("pins");
  });
});

describe("the release record, when a signed release is recorded", () => {
  const identity = {
    issuer: "https://token.actions.githubusercontent.com",
    workflow: "acme/app/.github/workflows/release.yml",
    refs: "refs/tags/*",
  };
  const signed: ReleaseRecord = { ...record, policy: { signing: identity } };

  it("names who must have signed", () => {
    const { predicate } = JSON.parse(writeRecord(signed)) as { predicate: ReleaseRecord };
    expect(predicate.policy).toEqual({ signing: identity });
  });

  it("can be read back", () => {
    expect(readRecord(writeRecord(signed))).toEqual(signed);
  });

  it("has no more keys than were recorded, so that nothing is taken for promised that was not", () => {
    const { refs: _, ...without } = identity;
    expect(readRecord(writeRecord({ ...record, policy: { signing: without } }))?.policy.signing).toEqual(without);
  });

  it("reads what it knows of the identity where a later version says more", () => {
    expect(readRecord(writeRecord(signed).replace('"issuer":', '"more": 1, "issuer":'))).toEqual(signed);
  });
});
