import { describe, expect, it, vi, onTestFinished } from "vitest";
import { configurationError } from "../../errors/configuration-error.ts";
import { explainError } from "../../errors/explain-error.ts";
import { ReleaseError } from "../../errors/release-error.ts";
import { ServerRefusal } from "../../errors/server-refusal.ts";
import { shownLines, shownText } from "../../errors/shown-text.ts";
import { makeFinding } from "../../observe/published/inspection/finding.ts";

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at));
const dangerous = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  "\u061c",
  ...range(0x200e, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
];
const wipe = "\u001b[2J\r\n  kept    everything is fine \u202e";

describe("shownText", () => {
  it.each(dangerous.map((character) => [character.charCodeAt(0).toString(16).padStart(4, "0"), character]))(
    "stands %s there as its number",
    (number, character) => {
      expect(shownText(`a${character}b`)).toBe(`a\\u${number}b`);
    },
  );

  it.each(["", "install.yaml", "Größe 日本 🎉👩‍👩‍👧", " ~", "\\u001b", "\u00a0\u00ff\u2027\u202f\u2065\u206a"])(
    "stays as it is: %j",
    (text) => {
      expect(shownText(text)).toBe(text);
    },
  );

  it("changes no more when it is shown again", () => {
    expect(shownText(shownText(wipe))).toBe(shownText(wipe));
  });

  it("keeps the line ends alone in a text of several lines", () => {
    expect(shownLines("a\u001b\nb\r\n\u2028")).toBe("a\\u001b\nb\\u000d\n\\u2028");
  });
});

describe("the errors, when others' words come to a terminal", () => {
  const lines = (text: string): string[] => text.split("\n").map((line) => line.trim());

  it.each<[string, () => string]>([
    ["the words of a server", () => new ServerRefusal({ request: "GET x", status: 403, words: wipe }).words],
    ["a request", () => new ServerRefusal({ request: wipe, status: 403, words: "no" }).request],
    [
      "a refusal",
      () => explainError(new ServerRefusal({ request: "GET x", status: 403, words: wipe }), "x").parts.reason,
    ],
    ["a configuration's value", () => configurationError([mistake({ value: wipe })]).parts.reason],
    ["a configuration's place", () => configurationError([mistake({ path: wipe })]).parts.reason],
    ["a mistake's reason", () => configurationError([mistake({ reason: wipe })]).parts.reason],
    ["a mistake's example", () => configurationError([mistake({ example: wipe })]).parts.reason],
    ["a promise", () => makeFinding(wipe, true).promise],
    ["what was found", () => makeFinding("x", true, wipe).found],
  ])("%s has no character that moves the cursor", (_, shown) => {
    expect(shown()).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    expect(lines(shown())).not.toContain("kept    everything is fine");
  });

  it("no part of an error has a character that moves the cursor", () => {
    const parts = { code: "DENIED", step: wipe, reason: wipe, meaning: wipe, fix: wipe, rerun: wipe } as const;
    expect(new ReleaseError(parts).message).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });

  it("a secret of several lines is replaced before its line ends are shown", () => {
    vi.stubEnv("GITHUB_TOKEN", "ghp_1234\nghp_5678");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(new ServerRefusal({ request: "GET x", status: 0, words: "a ghp_1234\nghp_5678 b" }).words).toBe(
      "a [GITHUB_TOKEN] b",
    );
  });
});

function mistake(part: object): { path: string; reason: string; example: string } {
  return { path: "a", reason: "is wrong", example: "b", ...part };
}
