/**
 * Reads how long a server asks to wait from its header `Retry-After`: a number of seconds, or a date. A past date means no wait.
 * Source: RFC 9110, section 10.2.3.
 * @param header as received; undefined or null if there is none
 * @param now milliseconds since 1970
 * @returns milliseconds; undefined if the header cannot be read, for example a negative number
 */
export function readRetryAfter(
  header: string | number | null | undefined,
  now: number = Date.now(),
): number | undefined {
  const text = String(header ?? "").trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1000;
  }
  // Date.parse() makes a date of almost anything, even of "-5"; HTTP dates end with GMT.
  const date = text.endsWith(" GMT") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
