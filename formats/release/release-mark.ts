const begin = (owner: string): string => `<!-- lockstep:begin ${owner} -->`;
const end = "<!-- lockstep:end -->";
const anyBegin = /<!-- lockstep:begin (\S+) -->/;

/**
 * Puts notes between marks, which are invisible in rendered Markdown. They show that the Release is ours, and which part of its text.
 * @param notes marks in them (a changelog that quotes a mark) are escaped; readNotes() unescapes them
 */
export function markNotes(owner: string, notes: string): string {
  return `${begin(owner)}\n${escapeMarks(normalizeLineEnds(notes).trim())}\n${end}`;
}

/**
 * The owner that a body's mark names: `app@1.2.3`.
 * @returns undefined if there is no mark: the Release is a person's
 */
export function readOwner(body: string): string | undefined {
  return anyBegin.exec(body)?.[1];
}

/**
 * The text between the marks, with `\n` as line end: GitHub's web editor sends `\r\n`, which does not count as a change.
 * @returns undefined if one of the marks is missing
 */
export function readNotes(body: string): string | undefined {
  const { from, to } = findOurPart(body) ?? {};
  return to === undefined
    ? undefined
    : unescapeMarks(normalizeLineEnds(body.slice(from, to).replace(anyBegin, "")).trim());
}

/**
 * Replaces our part of a body; the text that people wrote before and after it stays, byte for byte.
 * @param body undefined or without the first mark: the whole becomes ours. If only the last mark is missing: everything after the first one
 */
export function replaceNotes(body: string | undefined, owner: string, notes: string): string {
  const part = body === undefined ? undefined : findOurPart(body);
  if (body === undefined || part === undefined) {
    return markNotes(owner, notes);
  }
  const after = part.to === undefined ? "" : body.slice(part.to + end.length);
  return body.slice(0, part.from) + markNotes(owner, notes) + after;
}

/** Finds our part: from the first mark up to the last one; `to` is undefined if that one is missing. */
function findOurPart(body: string): { from: number; to: number | undefined } | undefined {
  const found = anyBegin.exec(body);
  if (!found) {
    return undefined;
  }
  const to = body.indexOf(end, found.index);
  return { from: found.index, to: to === -1 ? undefined : to };
}

function normalizeLineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function escapeMarks(text: string): string {
  return text.replaceAll(/<!-- lockstep(\\*):/g, "<!-- lockstep$1\\:");
}

function unescapeMarks(text: string): string {
  return text.replaceAll(/<!-- lockstep(\\*)\\:/g, "<!-- lockstep$1:");
}
