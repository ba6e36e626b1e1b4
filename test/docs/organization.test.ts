import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OrganizationSpec, readOrganization } from "../../config/organization/organization.ts";
import { codeBlocks, firstColumn, page, root, sections } from "./markdown.ts";
import { levelsOf } from "./schema-levels.ts";

const blocks = await codeBlocks(["docs/organization.md"], "yaml");
const [example] = blocks;
const fragments = blocks.filter(({ info }) => info === "yaml fragment");

describe("the example of an organization's stack", () => {
  it("is accepted", () => {
    expect(mistakesIn(example?.text ?? "")).toEqual([]);
  });

  it("is accepted with each fragment of the page", () => {
    expect(fragments.length).toBeGreaterThan(0);
    const wholes = fragments.map(
      ({ text }) => `config:\n  lockstep:organization: acme\n${text.replaceAll(/^/gm, "  ")}`,
    );
    expect(wholes.flatMap(mistakesIn)).toEqual([]);
  });

  it("is accepted as the file of the checkout has it", async () => {
    expect(mistakesIn(await readFile(join(root, "Pulumi.org.yaml"), "utf8"))).toEqual([]);
  });
});

describe("the reference of an organization's keys", async () => {
  const documented = new Map(
    sections(await page("docs/organization.md"))
      .filter(({ title }) => title === "Top level" || /^`[a-z[\].]+`$/i.test(title))
      .map(({ title, text }) => [title === "Top level" ? "" : title.replaceAll("`", ""), firstColumn(text)]),
  );
  // Who bypasses a ruleset is written the same way in six places, and described once.
  const levels = levelsOf(OrganizationSpec, "").filter(
    ([path]) => !path.includes(".bypass") || path.startsWith("immutableTags."),
  );

  it.each(levels)("the table of `%s` has exactly the keys of the schema", (path, keys) => {
    expect(documented.get(path)?.toSorted()).toEqual(keys.toSorted());
  });

  it("there is no table of a level that the schema does not have", () => {
    expect([...documented.keys()].toSorted()).toEqual(levels.map(([path]) => path).toSorted());
  });
});

function mistakesIn(file: string): unknown[] {
  const { config } = parse(file) as { config: Record<string, unknown> };
  const given = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readOrganization(Object.fromEntries(given) as Record<string, string>, {}).mistakes;
}
