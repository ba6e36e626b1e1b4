import { describe, expect, it } from "vitest";
import { z } from "zod";
import { lenient } from "../../config/lenient.ts";

const schema = z.strictObject({
  name: z.string(),
  size: z.number().min(1).default(3),
  sides: z
    .array(
      z.strictObject({
        label: z
          .string()
          .regex(/^[a-z]+$/)
          .optional(),
        flag: z.boolean(),
      }),
    )
    .default([]),
  form: z.union([z.literal("off"), z.strictObject({ on: z.string() })]).optional(),
  values: z.record(z.string(), z.string()).default({}),
});

describe("lenient", () => {
  it.each<[string, unknown, unknown]>([
    ["nothing", undefined, undefined],
    ["another type", "text", undefined],
    ["an empty object", {}, { size: 3, sides: [], values: {} }],
    [
      "what is right",
      { name: "a", size: 5, values: { a: "b" } },
      { name: "a", size: 5, sides: [], values: { a: "b" } },
    ],
    ["a wrong key beside right ones", { name: 1, size: 5 }, { name: undefined, size: 5, sides: [], values: {} }],
    ["no default in the place of what is wrong", { size: 0 }, { size: undefined, sides: [], values: {} }],
    ["a key that is not known", { other: 1 }, { size: 3, sides: [], values: {} }],
    ["something else than a list", { sides: {} }, { size: 3, sides: undefined, values: {} }],
    [
      "items, each by itself and at its place",
      { sides: ["no", { label: "A", flag: true }, { label: "b" }] },
      { size: 3, sides: [undefined, { flag: true }, { label: "b" }], values: {} },
    ],
    ["one of several forms", { form: "off" }, { form: "off", size: 3, sides: [], values: {} }],
    ["none of several forms", { form: { on: 1 } }, { size: 3, sides: [], values: {} }],
  ])("reads %s", (_, given, read) => {
    expect(lenient(schema).parse(given)).toEqual(read);
  });
});
