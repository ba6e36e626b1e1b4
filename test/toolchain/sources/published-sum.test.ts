import { describe, expect, it } from "vitest";
import { publishedSum } from "../../../toolchain/sources/published-sum.mjs";

const [a, b] = ["a".repeat(64), "b".repeat(64)];
const statement = (...subject: unknown[]) => JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject });

describe("publishedSum", () => {
  it.each([
    ["lines", `${b}  other.tar.gz\n${a}  tool.tar.gz\n`],
    ["a binary file's line", `${a} *tool.tar.gz\n`],
    ["a path", `${a}  ./dist/tool.tar.gz\n`],
    ["a line with another name that ends alike", `${b}  my-tool.tar.gz\n${a}  tool.tar.gz\n`],
    ["a line with another name that begins alike", `${b}  tool.tar.gz.sbom\n${a}  tool.tar.gz\n`],
    ["the same line twice", `${a}  tool.tar.gz\n${a}  tool.tar.gz\n`],
    ["line ends of Windows", `${b}  other\r\n${a}  tool.tar.gz\r\n`],
    ["capitals", `${a.toUpperCase()}  tool.tar.gz\n`],
    ["a value alone", `${a}\n`],
    ["a value that ends with a zero byte", `${a}\0`],
    [
      "a statement",
      statement({ name: "other", digest: { sha256: b } }, { name: "tool.tar.gz", digest: { sha256: a } }),
    ],
    [
      "a statement over several lines",
      JSON.stringify(JSON.parse(statement({ name: "tool.tar.gz", digest: { sha256: a } })), undefined, 2),
    ],
  ])("finds it in %s", (_, text) => {
    expect(publishedSum(text, "tool.tar.gz")).toBe(a);
  });

  it.each([
    ["nothing", ""],
    ["another file's line", `${a}  other.tar.gz\n`],
    ["two values alone", `${a}\n${b}\n`],
    ["two values of it", `${a}  tool.tar.gz\n${b}  tool.tar.gz\n`],
    ["a SHA-1", `${"a".repeat(40)}  tool.tar.gz\n`],
    ["a page", "<!doctype html>\n<title>Log in</title>\n"],
    ["a statement about another file", statement({ name: "other", digest: { sha256: a } })],
    ["a statement without a digest", statement({ name: "tool.tar.gz" })],
    ["a statement without subjects", "{}"],
    ["half a statement", statement({ name: "tool.tar.gz", digest: { sha256: a } }).slice(0, 120)],
  ])("refuses %s", (_, text) => {
    expect(() => publishedSum(text, "tool.tar.gz")).toThrow(/^it has [02] sha256 values of tool\.tar\.gz, not one$/);
  });
});
