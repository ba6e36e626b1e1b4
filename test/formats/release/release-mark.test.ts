import { describe, expect, it } from "vitest";
import { markNotes, readNotes, readOwner, replaceNotes } from "../../../formats/release/release-mark.ts";
import { seededRandom } from "../seeded-random.ts";

const owner = "app@1.2.3";
const before = "  Hello from people.\r\n\r\n";
const after = "\r\n\nThanks to all!  \n";

/** What the API returns after somebody has edited the body in GitHub's web page. */
function editedInTheWeb(body: string): string {
  return body.replaceAll("\n", "\r\n");
}

describe("marked", () => {
  it("stand between comments that nobody sees", () => {
    expect(markNotes(owner, "\n## Fixed\n\n- it\n\n")).toBe(
      "<!-- lockstep:begin app@1.2.3 -->\n## Fixed\n\n- it\n<!-- lockstep:end -->",
    );
  });

  it("say whose they are", () => {
    expect(readOwner(markNotes(owner, "x"))).toBe(owner);
  });

  it.each(["", "Release notes by a person", "<!-- a comment -->", "<!-- lockstep:end -->"])(
    "nobody's are %j",
    (body) => {
      expect(readOwner(body)).toBeUndefined();
    },
  );

  it("have unix line ends", () => {
    expect(markNotes(owner, "a\r\nb")).toBe(markNotes(owner, "a\nb"));
  });
});

describe("notesIn", () => {
  it("are what was marked", () => {
    expect(readNotes(markNotes(owner, "## Fixed\n\n- it"))).toBe("## Fixed\n\n- it");
  });

  it("are the same after an edit in the web page", () => {
    expect(readNotes(editedInTheWeb(markNotes(owner, "## Fixed\n\n- it")))).toBe("## Fixed\n\n- it");
  });

  it("leave out what people wrote around them", () => {
    expect(readNotes(before + markNotes(owner, "ours") + after)).toBe("ours");
  });

  it("may be empty", () => {
    expect(readNotes(markNotes(owner, ""))).toBe("");
  });

  it.each([
    ["no mark", "text"],
    ["no first mark", "text\n<!-- lockstep:end -->"],
    ["no last mark", "<!-- lockstep:begin app@1.2.3 -->\ntext"],
    ["the marks the wrong way round", "<!-- lockstep:end -->\ntext\n<!-- lockstep:begin app@1.2.3 -->"],
  ])("are undefined with %s", (_, body) => {
    expect(readNotes(body)).toBeUndefined();
  });

  it("are whole though an end mark of somebody else stands before them", () => {
    expect(readNotes(`<!-- lockstep:end -->\n${markNotes(owner, "ours")}`)).toBe("ours");
  });
});

describe("respliced", () => {
  it("keep what people wrote before and after, byte for byte", () => {
    expect(replaceNotes(before + markNotes(owner, "old") + after, owner, "new")).toBe(
      before + markNotes(owner, "new") + after,
    );
  });

  it("keep it after an edit in the web page", () => {
    const body = editedInTheWeb(`Hello\n${markNotes(owner, "old\ntext")}\nThanks`);
    expect(replaceNotes(body, owner, "new")).toBe(`Hello\r\n${markNotes(owner, "new")}\r\nThanks`);
  });

  it("keep it though an end mark stands before ours", () => {
    const above = "See the mark <!-- lockstep:end --> above.\n";
    expect(replaceNotes(above + markNotes(owner, "old") + after, owner, "new")).toBe(
      above + markNotes(owner, "new") + after,
    );
  });

  it("keep what stands before where somebody cut the last mark off", () => {
    expect(replaceNotes(`${before}<!-- lockstep:begin app@1.2.3 -->\nold`, owner, "new")).toBe(
      before + markNotes(owner, "new"),
    );
  });

  it("take `$&` as it is", () => {
    expect(readNotes(replaceNotes(markNotes(owner, "old"), owner, "costs $& or $1"))).toBe("costs $& or $1");
  });

  it.each([undefined, "", "a draft's own text"])("are the whole where there is no mark: %j", (body) => {
    expect(replaceNotes(body, owner, "new")).toBe(markNotes(owner, "new"));
  });
});

describe("the release mark, when marks stand inside the notes", () => {
  const telling = [
    "Bodies end with <!-- lockstep:end --> now.",
    "<!-- lockstep:begin other@9.9.9 -->",
    "<!-- lockstep\\:end -->",
  ].join("\n");

  it("reads all of them back", () => {
    expect(readNotes(markNotes(owner, telling))).toBe(telling);
  });

  it("keeps the owner", () => {
    expect(readOwner(markNotes(owner, telling))).toBe(owner);
  });

  it("changes nothing when the same is spliced in again", () => {
    const body = before + markNotes(owner, telling) + after;
    expect(replaceNotes(body, owner, telling)).toBe(body);
  });
});

describe("the release mark, when bodies are made of anything", () => {
  const pieces = [
    "a",
    "\n",
    "\r\n",
    " ",
    "$&",
    "<!-- lockstep:end -->",
    "<!-- lockstep:begin x@1.0.0 -->",
    "<!-- lockstep\\:end -->",
    "<!--",
    "\\",
    "é",
  ];
  const random = seededRandom(11);
  const text = (from: readonly string[]): string =>
    Array.from({ length: random(12) }, () => from[random(from.length)]).join("");
  const cases = Array.from({ length: 500 }, () => {
    const people = pieces.filter((piece) => !piece.includes("begin"));
    return { above: text(people), old: text(pieces), notes: text(pieces), below: text(people) };
  });

  it("reads back the notes that went in", () => {
    for (const { above, notes, below } of cases) {
      expect(readNotes(above + markNotes(owner, notes) + below)).toBe(notes.replaceAll("\r\n", "\n").trim());
    }
  });

  it("keeps what people wrote", () => {
    for (const { above, old, notes, below } of cases) {
      expect(replaceNotes(above + markNotes(owner, old) + below, owner, notes)).toBe(
        above + markNotes(owner, notes) + below,
      );
    }
  });
});
