import { describe, expect, it } from "vitest";
import { z } from "zod";
import { OrganizationSpec } from "../../config/organization/organization.ts";
import { ReleaseSpec } from "../../config/release/release-spec.ts";

interface Key {
  path: string;
  schema: z.ZodType;
  example: unknown;
}

/** Every key of the configuration with the example that its mistakes show. */
function keys(schema: z.ZodType, path: string): Key[] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, inner]) => {
      const at = path === "" ? name : `${path}.${name}`;
      return [{ path: at, schema: inner, example: exampleOf(inner) }, ...keys(inner, at)];
    });
  }
  if (schema instanceof z.ZodArray) {
    return keys(schema.element as z.ZodType, `${path}[]`);
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return keys(schema.unwrap() as z.ZodType, path);
  }
  return [];
}

function exampleOf(schema: z.ZodType): unknown {
  const example = schema.meta()?.["example"];
  if (example !== undefined || !(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)) {
    return example;
  }
  return exampleOf(schema.unwrap() as z.ZodType);
}

function read(example: string): unknown {
  return /^([[{]|\d+$|true$|false$)/.test(example) ? (JSON.parse(example) as unknown) : example;
}

const all = [...keys(ReleaseSpec, ""), ...keys(OrganizationSpec, "")];

describe("the example of a mistake", () => {
  it("knows every key of the configuration", () => {
    expect(all.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "repository",
        "lane.accepts",
        "units",
        "units[].tags.git",
        "units[].images[].repository",
        "units[].notes.file",
        "packages.rules[].match",
        "repositories[].environments[].reviewers.teams",
      ]),
    );
  });

  it.each(all)("has one for $path", ({ example }) => {
    expect(example).toBeTypeOf("string");
  });

  it.each(all)("shows for $path one that is itself right", ({ schema, example }) => {
    expect(schema.safeParse(read(String(example))).error?.issues ?? []).toEqual([]);
  });
});
