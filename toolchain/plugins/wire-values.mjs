// How Pulumi's engine writes what JSON has no form for: an object whose key `signatureKey` says what it is.
// Source: sdk/go/common/resource/sig/sig.go and sdk/nodejs/runtime/rpc.ts of pulumi/pulumi

/** The key that says what an object is. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** Says that an object is a secret: its `value`. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Says that an object is a file: `path`, and `hash`, its sha256 in hex. */
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";

/** Says that an object is an archive: `assets`, its files by their path in it. */
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What stands for a value that a preview does not know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Takes the marks of secrets off a value, at any depth.
 *
 * @param {any} value
 * @returns {any}
 */
export function revealed(value) {
  if (Array.isArray(value)) {
    return value.map(revealed);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (value[signatureKey] === secretSignature) {
    return revealed(value.value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

/**
 * Marks a value as secret: the engine encrypts it in the state, and hides it.
 *
 * @param {unknown} value
 */
export function secret(value) {
  return { [signatureKey]: secretSignature, value };
}

/**
 * Collects the texts in a value that are secret: those inside the mark of a secret, at any depth, and the lines of each,
 * because a log shows single lines.
 *
 * @param {any} value
 * @param {boolean} [inside] whether the value itself is inside such a mark
 * @returns {string[]}
 */
export function secretTexts(value, inside = false) {
  if (typeof value === "string") {
    return inside ? [value, ...value.split("\n")].filter((text) => text !== "") : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const marked = value[signatureKey] === secretSignature;
  return Object.values(marked ? [value.value] : value).flatMap((inner) => secretTexts(inner, inside || marked));
}

/**
 * Whether a value has the mark of a secret, at any depth.
 *
 * @param {any} value
 * @returns {boolean}
 */
export function hasSecret(value) {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return value[signatureKey] === secretSignature || Object.values(value).some(hasSecret);
}
