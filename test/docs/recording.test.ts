import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawRecording } from "../../docs/recording/drawing.ts";
import { readTranscript, resourceLines, writeTranscript } from "../../docs/recording/transcript.ts";
import { page, root } from "./markdown.ts";

const folder = join(root, "docs/recording");
const text = await readFile(join(folder, "transcript.txt"), "utf8");
const lines = readTranscript(text);
const svg = drawRecording(lines);

/** What is wrong with a document as XML: tags that do not match, attributes that are not quoted or are there twice, bare `&` and `<`. */
function faultsOf(xml: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  for (const [tag, end, name = "", attributes = "", empty] of xml.matchAll(/<(\/?)([\w:-]*)([^<>]*?)(\/?)>/g)) {
    const names = [...attributes.matchAll(/\s([\w:-]+)="[^"<&]*"/g)].map(([, attribute]) => attribute);
    if (name === "" || attributes.replaceAll(/\s[\w:-]+="[^"<&]*"/g, "") !== "" || new Set(names).size < names.length) {
      faults.push(tag);
    }
    if (end !== "" && open.pop() !== name) {
      faults.push(tag);
    } else if (end === "" && empty === "") {
      open.push(name);
    }
  }
  const bare = xml.replaceAll(/<\/?[\w:-]+[^<>]*>/g, "").replaceAll(/&(amp|lt|gt|quot|apos);/g, "");
  return [...faults, ...open, ...(bare.match(/[<>&]/g) ?? [])];
}

describe("the recorded transcript", () => {
  it("is of a release that succeeded: every resource was made, and its end was printed", () => {
    const resources = Map.groupBy(resourceLines(lines), ({ name }) => name);
    expect(resources.size).toBeGreaterThan(10);
    expect([...resources].filter(([, changes]) => !changes.some(({ done }) => done))).toEqual([]);
    expect(text).toMatch(/\twidgets 1\.0\.0 is released\n/);
    expect(text).toMatch(/\t\d+ reads and \d+ writes reached the registry and GitHub\.\n/);
  });

  it("begins with the command, and its times go up", () => {
    expect(lines[0]).toEqual({ at: 0, text: "$ npm start" });
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it("names no path of a machine, and no host but loopback", () => {
    const paths = text.match(/(?<![\w.:/-])\/\w\S*/g) ?? [];
    expect([...new Set(paths)]).toEqual(["/greeting.txt", "/dev/stdin"]);
    const hosts = [...text.replaceAll("\\.", ".").matchAll(/\b(?:https?:\/\/([\w.-]+)|(\d+\.\d+\.\d+\.\d+))/g)].map(
      ([, name, address]) => name ?? address,
    );
    expect([...new Set(hosts)].toSorted()).toEqual(["127.0.0.1", "github.com", "sigstore.dev", "slsa.dev", "spdx.dev"]);
  });

  it("is read as it was written, with the folder of the run as a dot", () => {
    const run = [
      { at: 0, text: "$ npm start" },
      { at: 1.5, text: "a\tb in /somewhere/else/file" },
    ];
    const written = writeTranscript(run, "/somewhere/else");
    expect(written).toBe("0.00\t$ npm start\n1.50\ta\tb in ./file\n");
    expect(readTranscript(written)[1]).toEqual({ at: 1.5, text: "a\tb in ./file" });
  });
});

describe("the README's picture", () => {
  it("is drawn from the transcript by today's script; `npm run record -- --draw` draws it again", async () => {
    expect(await readFile(join(folder, "release.svg"), "utf8")).toBe(svg);
  });

  it("is well-formed", () => {
    expect(faultsOf(svg)).toEqual([]);
  });

  it.each([
    ["a tag that is not closed", "<a><b></a>"],
    ["a tag that is left open", "<a>"],
    ["an attribute without quotes", "<a b=c></a>"],
    ["an attribute that is there twice", '<a b="c" b="c"/>'],
    ["a bare &", "<a>b & c</a>"],
    ["a bare <", "<a>b < c</a>"],
  ])("would not be well-formed with %s", (_, xml) => {
    expect(faultsOf(xml)).not.toEqual([]);
  });

  it("runs no script and loads nothing", () => {
    expect(svg).not.toMatch(/<script|href=|url\(|@import|\son\w+=/);
  });

  it("follows the colours and the motion that a reader prefers", () => {
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    expect(svg).toContain("@media (prefers-reduced-motion: reduce)");
  });

  it("shows every resource once, the Release last, and then the summary", () => {
    const names = [...new Set(resourceLines(lines).map(({ name }) => name))];
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, shown = ""]) => shown);
    expect(texts.filter((shown) => names.includes(shown))).toEqual(names);
    expect(names.at(-1)).toBe("release/widgets@1.0.0");
    expect(texts.indexOf("widgets 1.0.0 is released")).toBeGreaterThan(texts.indexOf("release/widgets@1.0.0"));
  });

  it("is shown by the README", async () => {
    expect(await page("README.md")).toContain("(docs/recording/release.svg)");
  });

  it("escapes what XML would read as its own, and cuts what leaves the window", () => {
    const drawn = drawRecording([
      { at: 0, text: `$ <a> & ${"b".repeat(200)}` },
      { at: 1, text: "Updating (sandbox):" },
    ]);
    expect(drawn).toContain("$ &lt;a&gt; &amp; bbb");
    expect(drawn).toMatch(/b…<\/text>/);
    expect(faultsOf(drawn)).toEqual([]);
  });
});
