/** Control characters of C0 and C1, those that change the direction of text, and the line ends beyond ASCII. */
const unshowable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Makes a foreign text safe for a terminal, in one line: characters that could move the cursor, begin a line or change the direction of
 * text are shown as `\u001b`. Other characters stay as they are.
 */
export function shownText(text: string): string {
  return text.replaceAll(unshowable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Applies shownText() to each line of a text. Only for texts whose line ends are Lockstep's own. */
export function shownLines(text: string): string {
  return text.split("\n").map(shownText).join("\n");
}
