/**
 * How long a server asks to wait, by its header `Retry-After`: a number of seconds, or a date. A date that has passed asks for no wait.
 * Source: RFC 9110, section 10.2.3.
 * @param header as it came; undefined or null if there is none
 * @param now milliseconds since 1970
 * @returns milliseconds; undefined if the header asks for nothing that can be read, as a negative number
 */
export function retryAfterOf(header: string | number | null | undefined, now: number = Date.now()): number | undefined {
  const text = String(header ?? "").trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1000;
  }
  // Date.parse() makes a date of almost anything, also of "-5"; dates of HTTP end with GMT.
  const date = text.endsWith(" GMT") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
