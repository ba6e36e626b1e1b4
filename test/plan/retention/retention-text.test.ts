import { describe, expect, it } from "vitest";
import { retentionText, sizeText } from "../../../plan/retention/retention-text.ts";
import { planned } from "../made-up-package.ts";

describe("retentionText", () => {
  const { plan } = planned([
    { name: "app", tags: ["1.0.0", "latest"], age: 90 },
    { name: "lost", age: 30, layers: ["one", "two"] },
    { name: "list", tags: ["sha256-@lost"], age: 30, lists: [] },
  ]);
  const lines = retentionText("ghcr.io/acme/app", plan).split("\n");

  it("counts first", () => {
    expect(lines[0]).toBe("ghcr.io/acme/app: 2 versions go, 1 version stays");
  });

  it("shows each version with digest, day, tags and the reason, in columns", () => {
    expect(lines.slice(1, 4)).toEqual([
      expect.stringMatching(
        /^ {2}goes {3}sha256:\w{12} {2}2026-10-22 {2}sha256-\w{12}… {2}attached to sha256:\w{12}, which goes$/,
      ),
      expect.stringMatching(/^ {2}goes {3}sha256:\w{12} {2}2026-10-22 {24}no tag, and nothing refers to it$/),
      expect.stringMatching(
        /^ {2}stays {2}sha256:\w{12} {2}2026-08-23 {2}1\.0\.0, latest {9}version tag 1\.0\.0, moving tag latest$/,
      ),
    ]);
  });

  it("tells what it has in the registry", () => {
    expect(lines.at(-1)).toMatch(/^ {2}What goes alone has 2\.\d kB in the registry\.$/);
  });

  it("tells why nothing goes", () => {
    const unread = planned([{ name: "one", tags: ["1.0.0"], age: 30, readable: false }]).plan;
    expect(retentionText("ghcr.io/acme/app", unread)).toMatch(/\n {2}Nothing goes: sha256:\w{12} cannot be read/);
  });
});

describe("sizeText", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [1_234_567, "1.2 MB"],
    [5_000_000_000, "5.0 GB"],
    [7e15, "7000.0 TB"],
  ])("%i is %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
