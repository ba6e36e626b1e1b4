import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { configurationError } from "../../errors/configuration-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";

const parts = {
  code: "TAG_CONFLICT",
  step: "tagging ghcr.io/acme/app as 1.2.3",
  reason: "the tag is there\nthis run has another digest",
  meaning: "A version is published once.",
  fix: "Bump the version.",
} as const;

describe("ReleaseError, when a ReleaseError is shown", () => {
  it("says step, code, reason, meaning, fix and whether a re-run is safe", () => {
    expect(new ReleaseError({ ...parts, rerun: "yes" }).message).toBe(
      [
        "tagging ghcr.io/acme/app as 1.2.3 failed [TAG_CONFLICT]",
        "  reason:          the tag is there",
        "                   this run has another digest",
        "  what it means:   A version is published once.",
        "  how to fix it:   Bump the version.",
        "  safe to re-run:  yes",
      ].join("\n"),
    );
  });

  it("promises what is true of every run where nothing else is said", () => {
    expect(new ReleaseError(parts).message).toMatch(
      /safe to re-run: {2}yes, run `npm run release` again: completed steps are kept/,
    );
  });

  it("is its message alone as text, as the provider's host prints it", () => {
    const error = new ReleaseError(parts);
    expect(`${error}`).toBe(error.message);
  });

  it.each([
    ["its stack", (error: ReleaseError) => error.stack ?? ""],
    ["its text", String],
    ["its message", (error: ReleaseError) => error.message],
    [
      "an inspection of it without its cause",
      (error: ReleaseError) => inspect(new ReleaseError({ ...error.parts, cause: undefined })),
    ],
  ])("has no stack in %s", (_, shown) => {
    expect(shown(new ReleaseError(parts))).not.toMatch(/^\s+at .*[:(]\d*/m);
  });

  it("keeps code and cause for programs", () => {
    const cause = new Error("inner");
    const error = new ReleaseError({ ...parts, cause });
    expect([error.code, error.cause, error.name]).toEqual(["TAG_CONFLICT", cause, "ReleaseError"]);
  });

  it("does not show the cause's request headers or texts", () => {
    const cause = new ServerRefusal({ request: "GET http://h/x", status: 403, words: "s3cr3t words" });
    expect(new ReleaseError({ ...parts, cause }).message).not.toContain("s3cr3t");
  });
});

describe("configurationError", () => {
  const mistake = { path: "units[0].name", value: "A", reason: "must be lower case", example: "`app`" };

  it("shows one mistake with path, value, reason and example", () => {
    const { code, parts: shown } = configurationError([mistake]);
    expect({ code, reason: shown.reason }).toEqual({
      code: "CONFIGURATION",
      reason: '1 mistake\n- units[0].name = "A": must be lower case; for example `app`',
    });
  });

  it("shows all of them, in their order", () => {
    const { reason } = configurationError([mistake, { ...mistake, path: "a" }, { ...mistake, path: "b" }]).parts;
    expect(reason.split("\n").map((line) => line.split(" = ")[0])).toEqual([
      "3 mistakes",
      "- units[0].name",
      "- a",
      "- b",
    ]);
  });

  it("says that nothing was started", () => {
    expect(configurationError([mistake]).message).toMatch(
      /Nothing was started: no build, no push, no tag, no Release\./,
    );
  });

  it.each([
    [undefined, "- key: is wrong"],
    [false, "- key = false: is wrong"],
    [null, "- key = null: is wrong"],
    [["a", 1], '- key = ["a",1]: is wrong'],
    [Number.NaN, "- key = null: is wrong"],
  ])("shows the value %j", (value, line) => {
    const { reason } = configurationError([{ path: "key", value, reason: "is wrong", example: "x" }]).parts;
    expect(reason.split("\n")[1]).toBe(`${line}; for example x`);
  });

  it.each([
    [78, `"${"x".repeat(78)}"`],
    [79, `"${"x".repeat(78)}…`],
    [500, `"${"x".repeat(78)}…`],
  ])("cuts a text of %i characters at 80, quotes included", (length, shown) => {
    const { reason } = configurationError([{ ...mistake, value: "x".repeat(length) }]).parts;
    expect(/ = (.*?): must/.exec(reason)?.[1]).toBe(shown);
  });
});
