import { z } from "zod";
import { assetName } from "./asset-name.ts";
import { parseBoundedJson } from "../bounded-json.ts";
import { ociComponent, ociRepository, ociTag } from "../artifact/oci-names.ts";
import { pinForms } from "../chart/pin/pin-form.ts";
import { readPinPath } from "../chart/pin/pin-path.ts";
import { SigningIdentity } from "../signing/signing-policy.ts";
import { isGitRefName, isVersion } from "./tag-pattern.ts";

/** Name of the asset that lists what a Release consists of. */
export const recordName = "lockstep.release.json";

const statementType = "https://in-toto.io/Statement/v1";
/** Version of the record's own format; docs/release-record.md describes it. */
const predicateType = "https://lockstep.dev/release/v1";

/** A text of a record that must match a pattern. Its length is checked first: patterns are slow on long texts. */
function requirePattern(pattern: RegExp, most = 255) {
  return z.string().max(most, { abort: true }).regex(pattern);
}

const Sha256 = requirePattern(/^[0-9a-f]{64}$/);
const ArtifactDigest = requirePattern(/^sha256:[0-9a-f]{64}$/);
const Version = requirePattern(/^[0-9A-Za-z.+-]+$/).refine(isVersion);

/** What a record says of one value of a chart that names an image. */
const PinRecord = z.object({
  /** Its path in values.yaml, as helm's `--set` has it. */
  path: z.string().refine((path) => readPinPath(path) !== undefined),
  form: z.enum(pinForms),
  /** The name of the image in its project. */
  artifact: requirePattern(ociComponent),
  /** The version of the image's unit. */
  version: Version,
  digest: ArtifactDigest,
});

/** A record's entry for one pin of a chart. */
export type PinRecord = z.output<typeof PinRecord>;

const ArtifactRecord = z.object({
  kind: requirePattern(/^[a-z][a-z0-9-]*$/),
  /** With its registry, without a tag. */
  repository: requirePattern(ociRepository),
  /** The version tag. */
  tag: requirePattern(ociTag),
  digest: ArtifactDigest,
  /** sha256 of the build's configuration. */
  buildInputs: Sha256,
  /**
   * Predicate types that the policy's identity attached to the digest, in addition to its signature. Older records leave it out, which
   * means provenance alone if the policy asks for signatures.
   */
  attestations: z.array(requirePattern(/^[!-~]+$/, 2048)).optional(),
  /** Of a chart: the values that name images, in the order of their paths. Left out if there are none. */
  pins: z.array(PinRecord).optional(),
});

/**
 * The identity with the record's own keys. A missing key is not filled in, because the record promised nothing by it.
 * Unlike the configuration, it is not strict: a later version may add keys.
 */
const RecordedIdentity = z.looseObject({}).transform((said, context) => {
  const read = z.object(SigningIdentity.shape).safeParse(said);
  if (read.success) {
    const known = Object.entries(read.data).filter(([key]) => Object.hasOwn(said, key));
    return Object.fromEntries(known) as Partial<SigningIdentity>;
  }
  for (const { path, message } of read.error.issues) {
    context.addIssue({ code: "custom", path, message });
  }
  return z.NEVER;
});

/** A record's policy: who must have signed. */
export type RecordedPolicy = "off" | z.output<typeof RecordedIdentity>;

const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    unit: requirePattern(ociComponent),
    version: Version,
    /** Full commit id. */
    revision: requirePattern(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
    // No characters that move a cursor or change the direction of a text: git forbids only the first 32 of them.
    gitTag: requirePattern(/^[^\p{Cc}\p{Cf}]+$/u).refine(isGitRefName),
    artifacts: z.record(requirePattern(ociComponent), ArtifactRecord),
    /** Asset name → sha256. */
    assets: z.record(requirePattern(assetName), Sha256),
    /**
     * Names of assets without a bundle in a unit that is signed: only checksums.txt, which is signed, vouches for them. Left out if every
     * asset has one.
     */
    unsigned: z.array(requirePattern(assetName)).optional(),
    /** What the unit requires of its artifacts. */
    policy: z.object({ signing: z.union([z.literal("off"), RecordedIdentity]) }),
  }),
});

/** What a Release consists of: the content of lockstep.release.json without its envelope. */
export type ReleaseRecord = z.output<typeof Statement>["predicate"];

/** A record's entry for one artifact. */
export type ArtifactRecord = z.output<typeof ArtifactRecord>;

/**
 * Writes the record as an in-toto statement, the same bytes for the same release: nothing in it depends on the time or the machine, and
 * keys and subjects are sorted.
 * Source: github.com/in-toto/attestation spec/v1/statement.md.
 */
export function writeRecord(record: ReleaseRecord): string {
  const named = [
    ...Object.values(record.artifacts).map(({ repository, digest }) => ({
      name: repository,
      digest: { sha256: digest.slice(7) },
    })),
    ...Object.entries(record.assets).map(([name, sha256]) => ({ name, digest: { sha256 } })),
  ];
  const subject = named.toSorted((a, b) => (`${a.name} ${a.digest.sha256}` < `${b.name} ${b.digest.sha256}` ? -1 : 1));
  return `${JSON.stringify({ _type: statementType, subject, predicateType, predicate: record }, sortKeys, 2)}\n`;
}

/**
 * Reads a record. Its fields match the configuration's own patterns, so they are safe to print and to use in requests.
 * @returns undefined if the text is not a record of this format
 */
export function readRecord(text: string): ReleaseRecord | undefined {
  const read = parseRecord(text);
  return "record" in read ? read.record : undefined;
}

/**
 * Reads a record, or says why a text is not one.
 * @returns the record; or the reason, with the path of the first field that is not as Lockstep writes it, and nothing of the text itself
 */
export function parseRecord(text: string): { record: ReleaseRecord } | { reason: string } {
  let document: unknown;
  try {
    document = parseBoundedJson(Buffer.from(text));
  } catch (error) {
    return { reason: error instanceof SyntaxError ? "is not JSON" : (error as Error).message };
  }
  const read = Statement.safeParse(document);
  if (read.success) {
    return { record: read.data.predicate };
  }
  const path = (read.error.issues[0]?.path ?? []).map(showKey).join(".");
  return { reason: path === "" ? "is not a statement of a release" : `\`${path}\` is not as Lockstep writes it` };
}

/** A key that the record chose is shown only if it is safe to print. */
function showKey(key: PropertyKey): string {
  return /^[\w.-]{1,100}$/.test(String(key)) ? String(key) : "…";
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
