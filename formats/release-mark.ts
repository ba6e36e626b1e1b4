const begin = (owner: string): string => `<!-- lockstep:begin ${owner} -->`;
const end = "<!-- lockstep:end -->";
const anyBegin = /<!-- lockstep:begin (\S+) -->/;

/** Notes between marks: the marks say that the Release is ours and which part of its text is. Invisible in rendered Markdown. */
export function marked(owner: string, notes: string): string {
  return `${begin(owner)}\n${notes.trim()}\n${end}`;
}

/**
 * Whose Release a body is of: `app@1.2.3`.
 * @returns undefined where there is no mark: the Release is a person's
 */
export function ownerOf(body: string): string | undefined {
  return anyBegin.exec(body)?.[1];
}

/**
 * The text between the marks.
 * @returns undefined where one of the marks is missing
 */
export function notesIn(body: string): string | undefined {
  const from = anyBegin.exec(body);
  const to = body.indexOf(end);
  return from && to > from.index ? body.slice(from.index + from[0].length, to).trim() : undefined;
}

/**
 * The body with our part replaced; what people wrote before and after it stays.
 * @param body undefined or without marks: the whole becomes ours
 */
export function respliced(body: string | undefined, owner: string, notes: string): string {
  const from = body === undefined ? null : anyBegin.exec(body);
  const to = body?.indexOf(end) ?? -1;
  if (body === undefined || !from || to < from.index) return marked(owner, notes);
  return body.slice(0, from.index) + marked(owner, notes) + body.slice(to + end.length);
}
