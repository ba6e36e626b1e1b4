/** CommonMark 0.31 section 4.5, without its limit on indentation, so that fences in lists count. */
const fence = /^\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const heading = /^(#{1,6})\s+(.*)$/;

/**
 * The section of a changelog whose heading names a version: `## [1.2.3] - 2026-01-02`, `## v1.2.3`, `# 1.2.3 (2026-01-02)`.
 * It ends at the next heading of the same or a higher level. Headings in code blocks do not count.
 * Source: keepachangelog.com 1.1.0 for the first form.
 * @returns the text below the heading, trimmed; undefined where there is no such section or it is empty
 */
export function changelogSection(changelog: string, version: string): string | undefined {
  const title = new RegExp(`^\\[?v?${version.replaceAll(/[.+]/g, "\\$&")}\\]?(?![\\w.+-])`);
  let level = 0;
  let open: string | undefined;
  const section: string[] = [];
  for (const line of changelog.split(/\r?\n/)) {
    const [, mark, info] = fence.exec(line) ?? [];
    if (mark !== undefined && open === undefined) {
      open = mark;
    } else if (open !== undefined && mark?.startsWith(open) && info?.trim() === "") {
      open = undefined;
    }
    const found = open === undefined ? heading.exec(line) : null;
    if (found && level > 0 && (found[1] ?? "").length <= level) {
      break;
    }
    if (level > 0) {
      section.push(line);
    } else if (found && title.test(found[2] ?? "")) {
      level = (found[1] ?? "").length;
    }
  }
  return section.join("\n").trim() || undefined;
}
