import { describe, expect, it } from "vitest";
import { readFailure, readLintReport } from "../../../packaging/helm/helm-words.ts";

const summary = "Error: 1 chart(s) linted, 1 chart(s) failed";
const failed = (stdout: string, stderr = summary) => ({ isDone: false, stdout, stderr });

describe("readLintReport", () => {
  it("finds nothing in an empty answer", () => {
    expect(readLintReport({ isDone: true, stdout: "", stderr: "" }, "/own")).toEqual({ errors: [], warnings: [] });
  });

  it("separates errors and warnings, and leaves out notes, headings and the summary", () => {
    const stdout = [
      "==> Linting app-1.2.3.tgz",
      "[INFO] Chart.yaml: icon is recommended",
      "[WARNING] templates/a.yaml: object name is odd",
      "[ERROR] templates/: parse error at (app/templates/a.yaml:4)",
      "",
      "1 chart(s) linted, 1 chart(s) failed",
    ].join("\n");
    expect(readLintReport(failed(stdout), "/own")).toEqual({
      errors: ["templates/: parse error at (app/templates/a.yaml:4)"],
      warnings: ["templates/a.yaml: object name is odd"],
    });
  });

  it("keeps the lines of a message together, in one line", () => {
    const stdout = "[ERROR] values.yaml: - at '': missing 'z'\n- at '/a': got number\n\n[ERROR] templates/: again\n";
    expect(readLintReport(failed(stdout), "/own").errors).toEqual([
      "values.yaml: - at '': missing 'z' - at '/a': got number",
      "templates/: again",
    ]);
  });

  it.each([
    ["an error without a message", "==> Linting x\nError file cannot be read\n", summary, ["file cannot be read"]],
    [
      "an error of the command itself",
      "",
      "Error: failed to parse ci/a-values.yaml: yaml: bad",
      ["failed to parse ci/a-values.yaml: yaml: bad"],
    ],
    ["a failure without a word", "", "", ["it failed, and does not say why"]],
  ])("finds %s", (_, stdout, stderr, errors) => {
    expect(readLintReport(failed(stdout, stderr), "/own").errors).toEqual(errors);
  });

  it("shows no path of the machine", () => {
    const stdout = "[WARNING] /own/tmp/helm-lint4005980389/app: chart directory is missing these dependencies: x\n";
    expect(readLintReport({ isDone: true, stdout, stderr: "" }, "/own").warnings).toEqual([
      "app: chart directory is missing these dependencies: x",
    ]);
  });
});

describe("readFailure", () => {
  it.each([
    [
      'level=INFO msg="funcMap fail" message=no\nError: execution error at (app/templates/a.yaml:1:3): no\n\nUse --debug flag to render out invalid YAML\n',
      "execution error at (app/templates/a.yaml:1:3): no",
    ],
    [
      "Error: values don't meet the schema:\napp:\n- at '': missing 'z'\n",
      "values don't meet the schema: app: - at '': missing 'z'",
    ],
    ["Error: open /own/chart-x/ci/a-values.yaml: gone", "open chart-x/ci/a-values.yaml: gone"],
    [`Error: ${"x".repeat(500)}`, `${"x".repeat(400)}…`],
  ])("has helm's own words: %j", (stderr, words) => {
    expect(readFailure(stderr, "/own")).toBe(words);
  });
});
