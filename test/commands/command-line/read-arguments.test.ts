import { describe, expect, it } from "vitest";
import type { CommandName } from "../../../commands/command-line/command-table.ts";
import { Misuse } from "../../../commands/command-line/misuse.ts";
import { readArguments } from "../../../commands/command-line/read-arguments.ts";

const hour = 3_600_000;
const byDefault = { "config-file": undefined, "lock-age": 6 * hour, "break-lock": false };

/** The sentences about what is wrong, without the way out that follows them. */
function mistakes(command: CommandName, args: readonly string[]): string[] {
  try {
    readArguments(command, args);
  } catch (error) {
    if (error instanceof Misuse) {
      return error.message.split("\n\n")[0]?.split("\n") ?? [];
    }
    throw error;
  }
  return [];
}

describe("readArguments()", () => {
  it.each([
    [["--stack", "prod"], {}],
    [["--stack=prod"], {}],
    [["-s", "prod"], {}],
    [["-sprod"], {}],
    [["--stack", "rc", "--stack", "prod"], {}],
    [["--stack", "prod", "--config-file", "a=b.yaml"], { "config-file": "a=b.yaml" }],
    [["--stack", "prod", "--config-file=a=b.yaml"], { "config-file": "a=b.yaml" }],
    [["--lock-age", "90m", "--stack", "prod"], { "lock-age": 1.5 * hour }],
    [["--lock-age=2d", "--break-lock", "--stack", "prod"], { "lock-age": 48 * hour, "break-lock": true }],
  ])("reads %j", (args, values) => {
    expect(readArguments("release", args)).toEqual({ values: { stack: "prod", ...byDefault, ...values }, others: [] });
  });

  it.each([
    ["release", ["--debug", "-s", "prod", "--target", "urn:x", "-v9"], ["--debug", "--target", "urn:x", "-v9"]],
    ["release", ["--stack=prod", "--refresh=false", "--", "--stack", "x"], ["--refresh=false", "--", "--stack", "x"]],
    ["release", ["-ds", "prod", "--stack", "rc"], ["-ds", "prod"]],
    ["preview", ["--stack", "prod", "--expect-no-changes"], ["--expect-no-changes"]],
    ["pulumi", ["stack", "--show-urns", "--stack", "prod"], ["stack", "--show-urns"]],
  ] as const)("of %s %j passes on everything that is not in the table, as typed", (command, args, others) => {
    expect(readArguments(command, args).others).toEqual(others);
  });

  it.each([
    [
      ["a@1.0.0", "--config-file", "f", "b@2.0.0"],
      ["a@1.0.0", "b@2.0.0"],
    ],
    [
      ["--config-file", "f", "--", "-a@1.0.0", "--", "b"],
      ["-a@1.0.0", "--", "b"],
    ],
  ])("finds the operands of %j", (args, others) => {
    expect(readArguments("verify", args).others).toEqual(others);
  });

  it("reads an option that may be repeated as a list, and an option without a default as undefined", () => {
    const { values } = readArguments("verify", ["--also", "docker.io", "--also", "localhost:5000", "--all"]);
    expect(values).toEqual({
      all: true,
      stack: undefined,
      "config-file": undefined,
      also: ["docker.io", "localhost:5000"],
      watch: undefined,
    });
    expect(readArguments("verify", []).values.also).toEqual([]);
  });

  it("reads defaults as if they had been typed", () => {
    expect(readArguments("retention", []).values).toEqual({
      stack: undefined,
      "config-file": undefined,
      keep: 10,
      "older-than": 1,
      confirm: false,
    });
    expect(readArguments("packages", []).values.stack).toBe("org");
  });

  it.each([
    ["release", [], ["--stack NAME is missing."]],
    ["release", ["--stak", "prod"], ["--stack NAME is missing."]],
    ["release", ["--stack"], ["--stack expects a value, and nothing follows it."]],
    ["release", ["--stack="], ['--stack expects a value, not "".']],
    ["release", ["--stack", "--debug"], ["--stack expects a value, and --debug follows it."]],
    ["release", ["-s"], ["-s expects a value, and nothing follows it."]],
    [
      "release",
      ["--stack", "prod", "--lock-age", "6"],
      ['--lock-age expects minutes, hours or days, such as 90m, 6h or 2d, not "6".'],
    ],
    ["release", ["--stack", "prod", "--break-lock=yes"], ["--break-lock is written without a value."]],
    ["start", ["--kep"], ["There is no option --kep."]],
    ["start", ["-k"], ["There is no option -k."]],
    ["start", ["keep"], ['"keep" is not an option.']],
    ["start", ["--", "--keep"], ['"--keep" is not an option.']],
    [
      "start",
      ["--__proto__", "--constructor"],
      ["There is no option --__proto__.", "There is no option --constructor."],
    ],
    [
      "verify",
      ["--watch", "0", "--also", "http://x", "--al", "a@1.0.0"],
      [
        '--watch expects a number of seconds, such as 300, not "0".',
        '--also expects the host of a registry, such as docker.io or localhost:5000, not "http://x".',
        "There is no option --al.",
      ],
    ],
  ] as const)("refuses %s %j", (command, args, expected) => {
    expect(mistakes(command, args)).toEqual(expected);
  });

  it("shows a whole call and the way to the help with each mistake", () => {
    expect(() => readArguments("start", ["--kep"])).toThrow(
      "There is no option --kep.\n\nFor example: npm start\nAll options: npm start -- --help",
    );
  });
});
