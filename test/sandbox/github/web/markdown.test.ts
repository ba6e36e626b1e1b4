import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../../sandbox/github/web/markdown.ts";

describe("renderMarkdown", () => {
  it.each([
    ["## What's new ##", "<h2>What&#39;s new</h2>"],
    ["one\ntwo", "<p>one\ntwo</p>"],
    ["a **b** *c* `d<e>` ~~f~~", "<p>a <strong>b</strong> <em>c</em> <code>d&lt;e&gt;</code> <del>f</del></p>"],
    ["a snake_case_name stays", "<p>a snake_case_name stays</p>"],
    ["- a\n- b", "<ul><li>a</li><li>b</li></ul>"],
    ["1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"],
    ["- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
    ["```sh\nx=<1>\n```", "<pre><code>x=&lt;1&gt;</code></pre>"],
    ["> a\n> b", "<blockquote><p>a\nb</p></blockquote>"],
    ["---", "<hr>"],
    ["[a](https://x.dev/?b=1&c=2)", '<p><a href="https://x.dev/?b=1&amp;c=2" rel="nofollow">a</a></p>'],
    ["see https://x.dev/a.", '<p>see <a href="https://x.dev/a" rel="nofollow">https://x.dev/a</a>.</p>'],
    ["[a](javascript:alert)", "<p>a</p>"],
    ["<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"],
    [
      "<details>\n<summary><code>a</code>: b & <i>c</i></summary>\n\n```sh\nx\n```\n\n</details>\nd",
      "<details>\n<summary><code>a</code>: b &amp; &lt;i&gt;c&lt;/i&gt;</summary>\n<pre><code>x</code></pre>\n</details>\n<p>d</p>",
    ],
    ["a <!-- hidden\nmark --> b", "<p>a  b</p>"],
    ["`<!-- shown -->`", "<p><code>&lt;!-- shown --&gt;</code></p>"],
    [
      "| a | b |\n| --- | --: |\n| 1 | `2` |",
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr></tbody></table>",
    ],
  ])("makes HTML of %j", (source, html) => {
    expect(renderMarkdown(source)).toBe(html);
  });
});
