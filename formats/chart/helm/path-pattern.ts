const [slash, star, mark, open, close, backslash, caret, dash] = [..."/*?[]\\^-"].map((sign) => sign.charCodeAt(0));

/** One sign of a pattern: a byte, any one character but a slash, or a class of characters. */
type Term = number | "any" | { negated: boolean; ranges: readonly (readonly [from: number, to: number])[] };

/** A part of a pattern that begins with a star, or the part before the first star. */
interface Chunk {
  star: boolean;
  terms: readonly Term[];
}

/** A pattern of .helmignore that is well formed. */
export interface PathPattern {
  /** Whether all of a path matches. A star passes no slash. */
  matches(path: string): boolean;
}

/**
 * Reads a pattern as helm matches it: `*`, `?`, `[a-z]`, `[^a-z]` and `\` before any of them; no braces, and `[!a]` has no special meaning.
 * It works on bytes, as Go does: after a star, `?` matches a single byte of a longer character.
 * Source: Go's path/filepath, Match, on systems other than Windows.
 * @returns undefined if it is malformed. helm finds that out only for some paths, and matches none with such a pattern
 */
export function readPathPattern(text: string): PathPattern | undefined {
  const chunks = readChunks(Buffer.from(text));
  return chunks && { matches: (path) => matchChunks(chunks, Buffer.from(path)) };
}

function readChunks(pattern: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let terms: Term[] = [];
  let at = 0;
  if (pattern[0] !== star) {
    chunks.push({ star: false, terms });
  }
  while (at < pattern.length) {
    const sign = pattern[at] ?? 0;
    if (sign === star) {
      while (pattern[at] === star) {
        at++;
      }
      terms = [];
      chunks.push({ star: true, terms });
    } else if (sign === open) {
      const read = readClass(pattern, at + 1);
      if (read === undefined) {
        return undefined;
      }
      terms.push(read.term);
      at = read.next;
    } else {
      const literal = sign === backslash ? pattern[++at] : sign;
      if (literal === undefined) {
        return undefined;
      }
      terms.push(sign === mark ? "any" : literal);
      at++;
    }
  }
  return chunks;
}

/** @param from behind the opening bracket */
function readClass(pattern: Buffer, from: number): { term: Term; next: number } | undefined {
  const negated = pattern[from] === caret;
  const ranges: [number, number][] = [];
  let at = negated ? from + 1 : from;
  while (pattern[at] !== close || ranges.length === 0) {
    const low = readMember(pattern, at);
    const high = low && pattern[low.next] === dash ? readMember(pattern, low.next + 1) : low;
    if (!low || !high) {
      return undefined;
    }
    ranges.push([low.character, high.character]);
    at = high.next;
  }
  return { term: { negated, ranges }, next: at + 1 };
}

/** Reads one character of a class, which may be escaped. Something must follow it: at least the closing bracket. */
function readMember(pattern: Buffer, from: number): { character: number; next: number } | undefined {
  if (pattern[from] === dash || pattern[from] === close) {
    return undefined;
  }
  const at = pattern[from] === backslash ? from + 1 : from;
  const { character, size } = decode(pattern, at);
  return at + size < pattern.length ? { character, next: at + size } : undefined;
}

function matchChunks(chunks: readonly Chunk[], path: Buffer): boolean {
  let rest = path;
  for (const [index, { star: skips, terms }] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    if (isLast && skips && terms.length === 0) {
      return !rest.includes("/");
    }
    const after = findAfter(terms, rest, skips, isLast);
    if (after === undefined) {
      return false;
    }
    rest = after;
  }
  return rest.length === 0;
}

/** What remains behind the first place at which the terms match, and at which they match to the end if nothing comes after them. */
function findAfter(terms: readonly Term[], path: Buffer, skips: boolean, toTheEnd: boolean): Buffer | undefined {
  for (let from = 0; ; from++) {
    const after = matchTerms(terms, path.subarray(from));
    if (after && (after.length === 0 || !toTheEnd)) {
      return after;
    }
    if (!skips || from >= path.length || path[from] === slash) {
      return undefined;
    }
  }
}

function matchTerms(terms: readonly Term[], path: Buffer): Buffer | undefined {
  let at = 0;
  for (const term of terms) {
    if (at >= path.length) {
      return undefined;
    }
    const { character, size } = typeof term === "number" ? { character: path[at], size: 1 } : decode(path, at);
    if (!matchTerm(term, character ?? 0)) {
      return undefined;
    }
    at += size;
  }
  return path.subarray(at);
}

function matchTerm(term: Term, character: number): boolean {
  if (typeof term === "number") {
    return term === character;
  }
  return term === "any"
    ? character !== slash
    : term.ranges.some(([from, to]) => from <= character && character <= to) !== term.negated;
}

/** The character at a place in UTF-8. In the middle of one, it is U+FFFD and one byte long, as in Go. */
function decode(text: Buffer, at: number): { character: number; size: number } {
  const first = text[at] ?? 0;
  if (first < 0x80) {
    return { character: first, size: 1 };
  }
  if (first < 0xc0) {
    return { character: 0xfffd, size: 1 };
  }
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return { character: text.toString("utf8", at, at + size).codePointAt(0) ?? 0xfffd, size };
}
