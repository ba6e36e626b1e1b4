import { describe, expect, it } from "vitest";
import { takeLockOptions } from "../../../commands/options/lock-options.ts";

const hour = 3_600_000;

describe("takeLockOptions", () => {
  it.each([
    [[], { lockAge: 6 * hour, breakLock: false }],
    [["--lock-age", "90m"], { lockAge: 1.5 * hour, breakLock: false }],
    [["--lock-age=2d"], { lockAge: 48 * hour, breakLock: false }],
    [["--break-lock"], { lockAge: 6 * hour, breakLock: true }],
  ])("%j means %j, and Pulumi does not get it", (args, options) => {
    expect(takeLockOptions(["--stack", "prod", ...args, "--debug"])).toEqual({
      options,
      rest: ["--stack", "prod", "--debug"],
    });
  });

  it("an age that is missing is refused", () => {
    expect(() => takeLockOptions(["--lock-age"])).toThrow('not ""');
  });

  it.each(["0h", "6", "6 h", "-1h", "h", "1w", "999999h", ""])("an age of `%s` is refused", (age) => {
    expect(() => takeLockOptions(["--lock-age", age])).toThrow("--lock-age takes minutes, hours or days");
  });
});
