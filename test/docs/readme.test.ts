import { describe, expect, it } from "vitest";
import { judgePushAccess } from "../../plan/preflight/push-access.ts";
import { codeBlocks, files, page } from "./markdown.ts";

const readme = await page("README.md");

/** The error of a package that the releasing repository may not write. */
function refusedPush(): string {
  const refused = {
    repository: "ghcr.io/acme/widgets",
    package: { owner: "acme", name: "widgets", organization: true },
    exists: true,
    holds: [],
    settings: undefined,
    write: { may: "not write", status: 403, words: "DENIED: permission_denied: write_package" },
  } as const;
  try {
    judgePushAccess(
      { packages: [refused], publicRepository: true },
      { preview: false, releasing: "acme/widgets", web: "https://github.com" },
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "no error";
}

describe("README.md", () => {
  it("is read in a minute: it has at most 120 lines", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
  });

  it("shows a failure in the program's own words", async () => {
    const [shown] = await codeBlocks(["README.md"], "text");
    expect(shown?.text.trimEnd()).toBe(refusedPush());
  });

  it("names what a newcomer types first", async () => {
    const [first] = await codeBlocks(["README.md"], "sh");
    expect(first?.text.split("\n").map((line) => line.split("#")[0]?.trim())).toEqual(["npm start", "npm test", ""]);
  });

  it.each([
    "LICENSE",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/README.md",
    "docs/adopt.md",
    "docs/commands.md",
  ])("links to %s", (path) => {
    expect(readme).toContain(`](${path})`);
  });

  it("compares every tool in every row", () => {
    const cells = readme.split("\n").flatMap((line) => (line.startsWith("| ") ? [line.split("|").length - 2] : []));
    expect(cells.length).toBeGreaterThan(10);
    expect([...new Set(cells)]).toEqual([6]);
  });
});

describe("docs/README.md", () => {
  it("leads to every page of docs/", async () => {
    const front = await page("docs/README.md");
    const others = (await files("docs/*.md"))
      .map((path) => path.replace("docs/", ""))
      .filter((path) => path !== "README.md");
    expect([...others, "resources/README.md"].filter((path) => !front.includes(`](${path})`))).toEqual([]);
  });
});
