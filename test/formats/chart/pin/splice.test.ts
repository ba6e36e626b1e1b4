import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readHelmYaml } from "../../../../formats/chart/helm/helm-yaml.ts";
import { splice } from "../../../../formats/chart/pin/splice.ts";

const keys = (path: string): (string | number)[] =>
  path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));

describe("splice", () => {
  it.each<[what: string, line: string, path: string, changed: string]>([
    ["a plain value", "tag: 1.2.3", "tag", 'tag: "new"'],
    ["a value in double quotes", 'tag: "1.2.3"  # ours', "tag", 'tag: "new"  # ours'],
    ["a value in single quotes", "tag:   'it''s'", "tag", 'tag:   "new"'],
    ["a number", "tag: 1.10 # careful", "tag", 'tag: "new" # careful'],
    ["null", "tag: ~", "tag", 'tag: "new"'],
    ["an empty text", 'tag: ""', "tag", 'tag: "new"'],
    ["nothing", "tag:", "tag", 'tag: "new"'],
    ["nothing and a comment", "tag:  # note", "tag", 'tag: "new"  # note'],
    ["nothing and spaces", "tag:   ", "tag", 'tag: "new"   '],
    ["nothing behind a quoted key", '"tag":', "tag", '"tag": "new"'],
    ["a value in a flow map", "image: {repository: a, tag: b}", "image.tag", 'image: {repository: a, tag: "new"}'],
    ["nothing in a flow map", "image: {tag: , a: b}", "image.tag", 'image: {tag: "new" , a: b}'],
    ["a value in JSON", '{"image":{"tag":"b"}}', "image.tag", '{"image":{"tag":"new"}}'],
    ["an item of a list", "- a # first", "0", '- "new" # first'],
    ["an item of a flow list", "a: [b, c]", "a.1", 'a: [b, "new"]'],
    ["a value of an item", "- name: a", "0.name", '- name: "new"'],
    ["a key that is a boolean to YAML", "on: a", "on", 'on: "new"'],
  ])("replaces %s", (_, line, path, changed) => {
    expect(splice(line, keys(path), "new")).toEqual({ text: changed });
  });

  it("changes one line of many, and keeps line ends, indentation and a byte order mark", () => {
    const text =
      "\ufeff# values\r\nimage:\r\n    repository:   ghcr.io/acme/app\r\n\r\n    tag:    'v1'   # keep\r\nother: {  a:  1 }\r\n";
    expect(splice(text, ["image", "tag"], "v2")).toEqual({ text: text.replace("'v1'", '"v2"') });
  });

  it("replaces the value of a key with dots", () => {
    expect(splice("quay.io/x: {tag: a}", ["quay.io/x", "tag"], "new")).toEqual({ text: 'quay.io/x: {tag: "new"}' });
  });

  it("finds the nearest of several equal keys", () => {
    const text = "tag: 1\nimage:\n  tag: 2\n  sidecar:\n    tag: 3\n";
    expect(splice(text, ["image", "tag"], "x")).toEqual({ text: text.replace("tag: 2", 'tag: "x"') });
  });

  it("writes a text that YAML would read as something else", () => {
    for (const value of ["1.10", "n", "a: b", "# c", 'quo"te', "\\"]) {
      const spliced = splice("tag: a\n", ["tag"], value);
      expect(readHelmYaml("text" in spliced ? spliced.text : "")).toEqual({ value: { tag: value } });
    }
  });
});

describe("splice, when there is no place for the value", () => {
  it.each<[what: string, text: string, path: string, reason: string]>([
    ["a missing key", "image:\n  tag: a\n", "image.digest", "does not exist, and no value is created"],
    ["a missing parent", "image:\n  tag: a\n", "images.tag", "does not exist"],
    ["a key in other case", "Tag: a\n", "tag", "does not exist"],
    ["a key that comes by a merge", "a: &b {tag: c}\nimage:\n  <<: *b\n", "image.tag", "does not exist"],
    ["a key below a value", "tag: a\n", "tag.digest", "does not exist"],
    ["an item behind the end", "a: [b]\n", "a.1", "does not exist"],
    ["a key of a list", "a: [b]\n", "a.b", "does not exist"],
    ["an item of a map", "a: {0: b}\n", "a.0", "does not exist"],
    ["an empty text", "# nothing\n", "tag", "does not exist"],
    ["a map", "image:\n  tag: a\n", "image", "is a map, not one value"],
    ["a list", "image: []\n", "image", "is a list, not one value"],
    ["an alias", "a: &t b\ntag: *t\n", "tag", "is an alias"],
    ["a parent that is an alias", "a: &t {tag: b}\nimage: *t\n", "image.tag", "is an alias"],
    ["an anchor", "tag: &t a\nb: *t\n", "tag", "has an anchor"],
    ["a parent with an anchor", "image: &t\n  tag: a\nb: *t\n", "image.tag", "has an anchor"],
    ["a block", "tag: |\n  a\n", "tag", "is written over several lines"],
    ["a folded block", "tag: >-\n  a\n", "tag", "is written over several lines"],
    ["a block without lines", "tag: |", "tag", "is written over several lines"],
    ["quotes over two lines", 'tag: "a\n  b"\n', "tag", "is written over several lines"],
    ["a plain value over two lines", "tag: a\n  b\n", "tag", "is written over several lines"],
    ["a tag", "tag: !!str 1.2\n", "tag", "has a tag"],
    ["a key without a colon", "a: {tag}\n", "a.tag", "has no colon"],
    ["an item without a value", "a:\n  -\n  - b\n", "a.0", "is an empty place in a list"],
    ["two documents", "tag: a\n---\ntag: b\n", "tag", "cannot be read as YAML"],
    ["a key twice", "tag: a\ntag: b\n", "tag", "cannot be read as YAML: Map keys must be unique"],
    ["template code", "tag: {{ .Values }\n", "tag", "cannot be read as YAML"],
    ["brackets without end", "[".repeat(20_000) + "]".repeat(20_000), "tag", "cannot be read as YAML"],
  ])("refuses %s", (_, text, path, reason) => {
    expect(splice(text, keys(path), "new")).toEqual({ refused: expect.stringContaining(reason) });
  });
});

describe("splice, whatever the values are", () => {
  const leaf = fc.oneof(
    fc.constantFrom("a", "1.2.3", "it's", "", "n", "a: b", "x#y", "é"),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, leaf, tie("map"), fc.array(tie("tree"), { maxLength: 3 })),
    map: fc.dictionary(fc.constantFrom("tag", "image", "a.b", "1", "on"), tie("tree"), { maxKeys: 4 }),
  }));

  it("changes one value and one line", () => {
    const style = fc.record({
      indent: fc.constantFrom(2, 4),
      defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
      collectionStyle: fc.constantFrom("any" as const, "flow" as const),
    });
    fc.assert(
      fc.property(tree, style, fc.nat(), (values, options, choice) => {
        const text = stringify(values, { ...options, lineWidth: 0, version: "1.1" });
        const leaves = leavesOf(readValue(text));
        const path = leaves[choice % Math.max(leaves.length, 1)];
        fc.pre(path !== undefined && path.length > 0);
        const spliced = splice(text, path ?? [], "sha256:c0ffee");
        expect(spliced).toHaveProperty("text");
        const after = "text" in spliced ? spliced.text : "";
        expect(readValue(after)).toEqual(replaced(readValue(text), path ?? [], "sha256:c0ffee"));
        const [lines, others] = [text.split("\n"), after.split("\n")];
        expect(lines.filter((line, at) => line !== others[at])).toHaveLength(1);
        expect(others).toHaveLength(lines.length);
      }),
    );
  });
});

function readValue(text: string): unknown {
  const read = readHelmYaml(text);
  expect(read).toHaveProperty("value");
  return "value" in read ? read.value : undefined;
}

/** The paths of all values that are neither maps nor lists. */
function leavesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") {
    return [path];
  }
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: string): unknown {
  if (key === undefined) {
    return by;
  }
  return Array.isArray(value)
    ? value.map((item, at) => (at === key ? replaced(item, rest, by) : item))
    : Object.fromEntries(
        Object.entries(value as object).map(([name, inner]) => [
          name,
          name === key ? replaced(inner, rest, by) : inner,
        ]),
      );
}
