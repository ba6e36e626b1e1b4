/** Values that a document may have. Commas and opening brackets are counted: 100 Releases with 60 assets each have 220,500. */
const mostValues = 1_000_000;

const [quote, backslash, comma, bracket, brace] = [...'"\\,[{'].map((sign) => sign.charCodeAt(0));

/** Thrown for a document with more than a million values. */
export class TooManyValues extends Error {
  constructor() {
    super("the document has more than a million values");
  }
}

/**
 * Parses JSON from outside. Eight megabytes of `[]` become several hundred megabytes of objects, so the values are counted first.
 * @param bytes UTF-8
 * @throws TooManyValues; SyntaxError for text that is not JSON
 */
export function parseBoundedJson(bytes: Uint8Array): unknown {
  if (countValues(bytes) > mostValues) {
    throw new TooManyValues();
  }
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

function countValues(bytes: Uint8Array): number {
  let values = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted && byte === backslash) {
      at++;
    } else if (byte === quote) {
      quoted = !quoted;
    } else if (!quoted && (byte === comma || byte === bracket || byte === brace)) {
      values++;
    }
  }
  return values;
}
