import { describe, expect, it, onTestFinished } from "vitest";
import { withPlainStackTraces } from "../../resources/plain-stack-traces.ts";

describe("withPlainStackTraces", () => {
  it("leaves a trace as Node writes it", () => {
    const before = Error.prepareStackTrace;
    onTestFinished(() => {
      Error.prepareStackTrace = before;
    });
    Error.prepareStackTrace = () => "mapped";
    expect(new Error("mistake").stack).toBe("mapped");
    withPlainStackTraces();
    expect(new Error("mistake").stack).toMatch(/^Error: mistake\n +at /);
  });
});
