/** Escapes the five special characters of HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * Renders Markdown as HTML, to the extent that release notes need: headings, paragraphs, nested lists, quotes, rules, fenced code,
 * tables, code spans, emphasis, links and `<details>`. Other HTML in it is shown as text, comments are hidden,
 * images become links.
 */
export function renderMarkdown(source: string): string {
  return blocks(withoutComments(source.replaceAll("\r\n", "\n")).split("\n"));
}

const fenceLine = /^\s*(`{3,}|~{3,})\s*(\S*)/;
const headingLine = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
const itemLine = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const ruleLine = /^\s*(?:-\s*){3,}$|^\s*(?:\*\s*){3,}$|^\s*(?:_\s*){3,}$/;
const detailsLine = /^<\/?details>$/;
const summaryLine = /^<summary>(.*)<\/summary>$/;
const tableLine = /^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?$/;

/** Removes comments, except those shown as code. */
function withoutComments(source: string): string {
  return source
    .split(/(^\s*```[^]*?^\s*```|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 0 ? part.replace(/<!--[^]*?(?:-->|$)/g, "") : part))
    .join("");
}

function blocks(lines: readonly string[]): string {
  const html: string[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) {
      html.push(`<p>${inline(paragraph.join("\n"))}</p>`);
      paragraph = [];
    }
  };
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? "";
    const fence = fenceLine.exec(line);
    const heading = headingLine.exec(line);
    const summary = summaryLine.exec(line);
    if (line.trim() === "") {
      flush();
      at += 1;
    } else if (fence !== null) {
      flush();
      const end = lines.findIndex((other, index) => index > at && other.trim().startsWith(fence[1] ?? "```"));
      const stop = end < 0 ? lines.length : end;
      html.push(`<pre><code>${escapeHtml(lines.slice(at + 1, stop).join("\n"))}</code></pre>`);
      at = stop + 1;
    } else if (heading !== null) {
      flush();
      const level = heading[1]?.length ?? 1;
      html.push(`<h${level}>${inline(heading[2] ?? "")}</h${level}>`);
      at += 1;
    } else if (detailsLine.test(line)) {
      flush();
      html.push(line);
      at += 1;
    } else if (summary !== null) {
      flush();
      html.push(`<summary>${inline(summary[1] ?? "").replace(/&lt;(\/?code)&gt;/g, "<$1>")}</summary>`);
      at += 1;
    } else if (ruleLine.test(line)) {
      flush();
      html.push("<hr>");
      at += 1;
    } else if (line.includes("|") && tableLine.test(lines[at + 1] ?? "")) {
      flush();
      const stop = after(lines, at + 2, (other) => other.includes("|"));
      html.push(table(line, lines.slice(at + 2, stop)));
      at = stop;
    } else if (/^\s*>/.test(line)) {
      flush();
      const stop = after(lines, at, (other) => /^\s*>/.test(other));
      html.push(
        `<blockquote>${blocks(lines.slice(at, stop).map((other) => other.replace(/^\s*> ?/, "")))}</blockquote>`,
      );
      at = stop;
    } else if (itemLine.test(line)) {
      flush();
      const stop = after(
        lines,
        at,
        (other, index) => itemLine.test(other) || /^\s+\S/.test(other) || continues(lines, index),
      );
      html.push(list(lines.slice(at, stop)));
      at = stop;
    } else {
      paragraph.push(line);
      at += 1;
    }
  }
  flush();
  return html.join("\n");
}

/** A blank line continues a list if an item or an indented line follows. */
function continues(lines: readonly string[], index: number): boolean {
  const next = lines[index + 1] ?? "";
  return (lines[index] ?? "").trim() === "" && (itemLine.test(next) || /^\s+\S/.test(next));
}

function after(lines: readonly string[], from: number, fits: (line: string, index: number) => boolean): number {
  let at = from;
  while (at < lines.length && fits(lines[at] ?? "", at)) {
    at += 1;
  }
  return at;
}

function list(lines: readonly string[]): string {
  const first = itemLine.exec(lines[0] ?? "");
  const indent = first?.[1]?.length ?? 0;
  const kind = /\d/.test(first?.[2] ?? "-") ? "ol" : "ul";
  const items: string[][] = [];
  for (const line of lines) {
    const item = itemLine.exec(line);
    if (item !== null && (item[1]?.length ?? 0) <= indent) {
      items.push([item[3] ?? ""]);
    } else {
      items.at(-1)?.push(line.replace(/^\s{1,4}/, ""));
    }
  }
  const inner = items.map(([text = "", ...rest]) => {
    const below = rest.some((line) => line.trim() !== "") ? blocks(rest) : "";
    return `<li>${inline(text)}${below.replace(/^<p>([^]*?)<\/p>/, " $1")}</li>`;
  });
  return `<${kind}>${inner.join("")}</${kind}>`;
}

function table(head: string, rows: readonly string[]): string {
  const cells = (line: string, tag: string): string =>
    line
      .trim()
      .replace(/^\||(?<!\\)\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => `<${tag}>${inline(cell.trim().replaceAll("\\|", "|"))}</${tag}>`)
      .join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
  return `<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body}</tbody></table>`;
}

function inline(text: string): string {
  // Code spans first: their content is literal.
  return text
    .split(/(`+[^`]+`+)/)
    .map((part, index) => {
      if (index % 2 === 1) {
        return `<code>${escapeHtml(part.replace(/^`+ ?| ?`+$/g, ""))}</code>`;
      }
      return escapeHtml(part)
        .replace(/!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, (_, words: string, target: string) => anchor(words, target))
        .replace(/(?<!["\w>/])(https?:\/\/[^\s<]*[^\s<.,;:!?)])/g, (target) => anchor(target, target))
        .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
        .replace(/(?<![\w*])[*_]([^*_\s][^*_]*)[*_](?![\w*])/g, "<em>$1</em>")
        .replace(/~~([^~]+)~~/g, "<del>$1</del>");
    })
    .join("");
}

function anchor(words: string, target: string): string {
  // Only real addresses: `javascript:` and the like stay text.
  return /^(?:https?:|mailto:|[/#.])/i.test(target) ? `<a href="${target}" rel="nofollow">${words}</a>` : words;
}
