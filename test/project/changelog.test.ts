import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changelogSection } from "../../plan/notes/changelog.ts";
import { root } from "../code/source-files.ts";
import { page, sections } from "../docs/markdown.ts";

const changelog = await page("CHANGELOG.md");
const titles = sections(changelog).map(({ title }) => title);
const versions = titles.filter((title) => title.startsWith("["));

/** Source: https://keepachangelog.com/en/1.1.0/#how */
const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

describe("CHANGELOG.md", () => {
  it("begins with what is not released yet", () => {
    expect(versions[0]).toBe("[Unreleased]");
  });

  it("gives each version its day, the newest first", () => {
    const days = versions.slice(1).map((title) => /^\[\d+\.\d+\.\d+\] - (\d{4}-\d{2}-\d{2})$/.exec(title)?.[1]);
    expect(days).not.toContain(undefined);
    expect(days).toEqual(days.toSorted().toReversed());
  });

  it("has notes that Lockstep finds for the version of package.json", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    expect(changelogSection(changelog, version)).toMatch(/^### /);
  });

  it("groups changes by the kinds of Keep a Changelog, in their order", () => {
    const groups = titles
      .filter((title) => title !== "Changelog")
      .join("\n")
      .split(/^\[.*$/m)
      .slice(1);
    for (const group of groups) {
      const found = group.split("\n").filter((title) => title !== "");
      expect(found).toEqual(kinds.filter((kind) => found.includes(kind)));
      expect(found).not.toEqual([]);
    }
  });
});
