/** Control characters of C0 and C1, those that turn the direction of text, and the line ends beyond ASCII. */
const unshowable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * A text of others in one line, as it may stand in a terminal: what could move the cursor, begin a line, or turn the direction of text is
 * shown as `\u001b`. Other characters stay as they are.
 */
export function shownText(text: string): string {
  return text.replaceAll(unshowable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A text of several lines, each of them as shownText() shows it. Only for texts whose line ends are ours. */
export function shownLines(text: string): string {
  return text.split("\n").map(shownText).join("\n");
}
