const spaces = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
const around = new RegExp(`^(?:${spaces.source})+|(?:${spaces.source})+$`, "gu");

/**
 * Cleans a text of Chart.yaml as helm does when it loads a chart: every space becomes a plain one, characters that cannot be printed are
 * dropped. Which characters these are depends on the version of Unicode, so a very new letter may be kept here and dropped by helm.
 * Source: helm 4.3.1, pkg/chart/v2/metadata.go, sanitizeString; Go's unicode.IsSpace and unicode.IsPrint.
 */
export function cleanText(text: string): string {
  return text.replace(spaces, " ").replace(unprintable, "");
}

/** Removes spaces at both ends. Other than String.trim(), it keeps a byte order mark and removes U+0085. Source: Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  return text.replace(around, "");
}
