import { describe, expect, it } from "vitest";
import { explainError, runStep } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { findNetworkWords, ServerRefusal } from "../../errors/server-refusal.ts";
import { StepFailure } from "../../errors/step-failure.ts";

const step = "pushing ghcr.io/acme/app";
const request = "POST https://ghcr.io/v2/acme/app/blobs/uploads/";

describe("explainError, when something was thrown", () => {
  it("leaves a ReleaseError as it is", () => {
    const error = new ReleaseError({ code: "DENIED", step: "x", reason: "y", meaning: "z", fix: "f" });
    expect(explainError(error, step)).toBe(error);
  });

  it("gives a StepFailure its step", () => {
    const failure = { code: "DENIED", reason: "y", meaning: "z", fix: "f", rerun: "no", cause: "c" } as const;
    expect(explainError(new StepFailure(failure), step).parts).toEqual({ ...failure, step });
  });

  it("looks a refusal up by status and words, and shows the server's own words", () => {
    const refusal = new ServerRefusal({ request, status: 403, words: "DENIED: permission_denied: write_package" });
    const { code, parts, cause } = explainError(refusal, step);
    expect({ code, step: parts.step, reason: parts.reason, cause }).toEqual({
      code: "DENIED",
      step,
      reason: `DENIED: permission_denied: write_package (status 403 to ${request})`,
      cause: refusal,
    });
  });

  it("says that no answer came where none did", () => {
    const { code, parts } = explainError(
      new ServerRefusal({ request, status: 0, words: "connect ECONNREFUSED 127.0.0.1:5000" }),
      step,
    );
    expect({ code, reason: parts.reason }).toEqual({
      code: "UNREACHABLE",
      reason: `connect ECONNREFUSED 127.0.0.1:5000 (no answer to ${request})`,
    });
  });

  it("digs the reason of a failed fetch out of its causes", () => {
    const error = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
    const { code, parts } = explainError(error, step);
    expect({ code, reason: parts.reason }).toEqual({ code: "UNREACHABLE", reason: "connect ECONNREFUSED 127.0.0.1:1" });
  });

  it("does not take a fault of the program for one of the network", () => {
    const { code, parts } = explainError(new TypeError("x is not a function"), step);
    expect({ code, reason: parts.reason }).toEqual({ code: "UNEXPECTED", reason: "x is not a function" });
  });

  it.each(["a text", 7, undefined])("shows what is no error: %j", (thrown) => {
    const { code, parts } = explainError(thrown, step);
    expect({ code, reason: parts.reason }).toEqual({ code: "UNEXPECTED", reason: String(thrown) });
  });
});

describe("runStep", () => {
  it("gives its result", async () => {
    expect(await runStep(step, () => Promise.resolve(7))).toBe(7);
  });

  it("throws with the step in front", async () => {
    await expect(runStep(step, () => Promise.reject(new Error("no")))).rejects.toThrow(
      /^pushing ghcr\.io\/acme\/app failed \[UNEXPECTED\]/,
    );
  });
});

describe("explainError, when a refusal may pass", () => {
  it.each([
    [0, "ECONNRESET", true],
    [408, "timeout", true],
    [429, "toomanyrequests", true],
    [500, "x", true],
    [503, "x", true],
    [403, "You have exceeded a secondary rate limit.", true],
    [403, "DENIED: permission_denied: write_package", false],
    [400, "x", false],
    [401, "x", false],
    [404, "x", false],
    [409, "x", false],
    [422, "x", false],
  ])("%i %s: %s", (status, words, transient) => {
    expect(new ServerRefusal({ request, status, words }).transient).toBe(transient);
  });
});

describe("findNetworkWords", () => {
  it.each<[string, unknown, string]>([
    ["a chain", new Error("fetch failed", { cause: new Error("a", { cause: new Error("b") }) }), "a: b"],
    ["nothing but fetch failed", new Error("fetch failed"), "no answer"],
    ["no error", undefined, "no answer"],
  ])("finds them in %s", (_, error, words) => {
    expect(findNetworkWords(error)).toBe(words);
  });

  it("ends with a chain that bites its tail", () => {
    const error = new Error("a");
    error.cause = error;
    expect(findNetworkWords(error)).toBe("a: a: a: a");
  });
});
