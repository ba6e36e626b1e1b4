import { describe, expect, it } from "vitest";
import { byKind } from "../../providers/all-providers.ts";
import { files, page } from "../docs/markdown.ts";

/** What stands in the place of each kind, and where. A star is the subject: artifact, release, organization. */
const parts: readonly (readonly [what: string, pattern: (kind: string) => string])[] = [
  ["a provider", (kind) => `providers/*/${kind}.ts`],
  ["a test of the provider", (kind) => `test/providers/*/${kind}.test.ts`],
  ["a resource", (kind) => `resources/*/${kind}.ts`],
  ["a page", (kind) => `docs/resources/${kind}.md`],
];

describe("each kind in providers/all-providers.ts", () => {
  it.each(parts)("has %s of its name", async (_, pattern) => {
    const missing = await Promise.all(
      Object.keys(byKind).map(async (kind) => ((await files(pattern(kind))).length === 1 ? [] : [pattern(kind)])),
    );
    expect(missing.flat()).toEqual([]);
  });

  it("has a row in docs/resources/README.md", async () => {
    const list = await page("docs/resources/README.md");
    expect(Object.keys(byKind).filter((kind) => !list.includes(`](${kind}.md) |`))).toEqual([]);
  });
});
