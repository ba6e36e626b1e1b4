import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../code/source-files.ts";
import { files } from "../docs/markdown.ts";

const name = z.string().min(1);
const id = z.string().regex(/^[\w-]+$/);
const validations = z.strictObject({ required: z.boolean() }).optional();
const labelled = { label: name, description: name.optional() };

/** Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema */
const Element = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: name }) }),
  z.strictObject({
    type: z.literal("textarea"),
    id,
    attributes: z.strictObject({ ...labelled, render: name.optional() }),
    validations,
  }),
  z.strictObject({ type: z.literal("input"), id, attributes: z.strictObject(labelled), validations }),
  z.strictObject({
    type: z.literal("dropdown"),
    id,
    attributes: z.strictObject({ ...labelled, options: z.array(name).min(2) }),
    validations,
  }),
]);

/** Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms */
const Form = z.strictObject({
  name,
  description: name,
  labels: z.array(name),
  body: z.array(Element).min(1),
});

const paths = (await files(".github/ISSUE_TEMPLATE/*.yml")).filter((path) => basename(path) !== "config.yml");

describe("issue forms", () => {
  it("are one for bugs and one for features", () => {
    expect(paths.map((path) => basename(path))).toEqual(["bug.yml", "feature.yml"]);
  });

  it.each(paths)("%s is a form that GitHub accepts", async (path) => {
    const { error } = Form.safeParse(parse(await readFile(join(root, path), "utf8")));
    expect(error?.issues).toBeUndefined();
  });

  it.each(paths)("%s has each id and each label once, as GitHub asks", async (path) => {
    const { body } = Form.parse(parse(await readFile(join(root, path), "utf8")));
    const fields = body.filter((element) => element.type !== "markdown");
    for (const values of [fields.map((field) => field.id), fields.map(({ attributes }) => attributes.label)]) {
      expect(values).toEqual([...new Set(values)]);
    }
  });

  it("send whoever found a hole elsewhere", async () => {
    expect(await readFile(join(root, ".github/ISSUE_TEMPLATE/bug.yml"), "utf8")).toContain("Report a vulnerability");
    expect(await readFile(join(root, "SECURITY.md"), "utf8")).toContain("Report a vulnerability");
  });
});
