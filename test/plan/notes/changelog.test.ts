import { describe, expect, it } from "vitest";
import { changelogSection } from "../../../plan/notes/changelog.ts";

describe("changelogSection, when a heading names the version", () => {
  it.each([
    "## 1.2.3",
    "## v1.2.3",
    "## [1.2.3]",
    "## [v1.2.3]",
    "## [1.2.3] - 2026-01-02",
    "# 1.2.3 (2026-01-02)",
    "### 1.2.3: the good one",
    "##   1.2.3",
    "## [1.2.3](https://github.com/acme/widgets/compare/v1.2.2...v1.2.3)",
    "###### 1.2.3",
  ])("takes the section below %j", (heading) => {
    expect(changelogSection(`# Changelog\n\n${heading}\n\n- it\n`, "1.2.3")).toBe("- it");
  });

  it.each([
    "## 1.2.30",
    "## 1.2.3-rc.1",
    "## 1.2.3.4",
    "## 1.2.3+5",
    "## 11.2.3",
    "## 1x2x3",
    "## 1.2",
    "##1.2.3",
    "1.2.3",
    "####### 1.2.3",
    "## [1.2.3-rc.1]",
  ])("does not take the one below %j", (heading) => {
    expect(changelogSection(`${heading}\n\n- it\n`, "1.2.3")).toBeUndefined();
  });

  it("takes a pre-release's own", () => {
    expect(changelogSection("## 1.2.3\n\nstable\n\n## 1.2.3-rc.1\n\ncandidate\n", "1.2.3-rc.1")).toBe("candidate");
  });

  it("does not take rc.1 for rc.10", () => {
    expect(changelogSection("## 1.2.3-rc.10\n\nten\n\n## 1.2.3-rc.1\n\none\n", "1.2.3-rc.1")).toBe("one");
  });
});

describe("changelogSection, when a section ends", () => {
  it("ends at the next heading of its level", () => {
    expect(changelogSection("## 1.2.3\n\nours\n\n## 1.2.2\n\ntheirs\n", "1.2.3")).toBe("ours");
  });

  it("ends at a heading of a higher level", () => {
    expect(changelogSection("## 1.2.3\n\nours\n\n# Before\n\ntheirs\n", "1.2.3")).toBe("ours");
  });

  it("keeps lower levels", () => {
    expect(changelogSection("## 1.2.3\n\n### Fixed\n\n- it\n\n#### More\n\n- x\n\n## 1.2.2\n", "1.2.3")).toBe(
      "### Fixed\n\n- it\n\n#### More\n\n- x",
    );
  });

  it("ends with the file", () => {
    expect(changelogSection("## 1.2.3\nours", "1.2.3")).toBe("ours");
  });

  it("is nothing where it has no text", () => {
    expect(changelogSection("## 1.2.3\n\n   \n## 1.2.2\n\ntheirs\n", "1.2.3")).toBeUndefined();
  });

  it("is the first one where two name the version", () => {
    expect(changelogSection("## 1.2.3\none\n## 1.2.3\ntwo\n", "1.2.3")).toBe("one");
  });

  it("reads Windows line ends, and gives unix ones", () => {
    expect(changelogSection("## 1.2.3\r\n\r\na\r\nb\r\n\r\n## 1.2.2\r\n", "1.2.3")).toBe("a\nb");
  });
});

describe("changelogSection, when a changelog has code blocks", () => {
  it.each([
    ["backticks", "```", "```"],
    ["backticks with a language", "```md", "```"],
    ["tildes", "~~~", "~~~"],
    ["a longer end", "```", "`````"],
    ["a block in a list", "  ```sh", "  ```"],
  ])("takes a heading in them for text: %s", (_, open, close) => {
    const text = `- see\n${open}\n## 1.2.2\n${close}\nours`;
    expect(changelogSection(`## 1.2.3\n${text}\n## 1.2.2\ntheirs\n`, "1.2.3")).toBe(text);
  });

  it("finds no section in them", () => {
    expect(changelogSection("```\n## 1.2.3\nexample\n```\n\n## 1.2.3\n\nours\n", "1.2.3")).toBe("ours");
  });

  it.each([
    ["a longer fence around a shorter one", "````\n```\n## 1.2.2\n```\n## 1.2.2\n````"],
    ["tildes around backticks", "~~~\n```\n## 1.2.2\n~~~"],
    ["a fence with a language inside", "```\n```js\n## 1.2.2\n```"],
  ])("is not fooled by %s", (_, block) => {
    expect(changelogSection(`## 1.2.3\n${block}\nours\n## 1.2.2\ntheirs\n`, "1.2.3")).toBe(`${block}\nours`);
  });

  it("takes code within a line for no block", () => {
    expect(changelogSection("## 1.2.3\n```x``` is code\n## 1.2.2\ntheirs\n", "1.2.3")).toBe("```x``` is code");
  });
});

describe("changelogSection, when there is no section", () => {
  it.each(["", "# Changelog\n", "## Unreleased\n\n- it\n"])("gives nothing for %j", (changelog) => {
    expect(changelogSection(changelog, "1.2.3")).toBeUndefined();
  });
});
