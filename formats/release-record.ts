import { z } from "zod";
import { SigningIdentity } from "./signing-policy.ts";

/** Name of the asset that says what a Release is made of. */
export const recordName = "lockstep.release.json";

const statementType = "https://in-toto.io/Statement/v1";
/** Version of the record's own format; docs/release-record.md describes it. */
const predicateType = "https://lockstep.dev/release/v1";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const ArtifactRecord = z.object({
  kind: z.string(),
  /** With its registry, without a tag. */
  repository: z.string(),
  /** The version tag. */
  tag: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** sha256 of what the configuration says of the build. */
  buildInputs: Sha256,
  /**
   * Predicate types of what is attached to the digest by the policy's identity, beside its signature. Left out by records of before it was
   * recorded: provenance alone, where the policy asks for signatures.
   */
  attestations: z.array(z.string()).optional(),
});

const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: Sha256 }) })),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    unit: z.string(),
    version: z.string(),
    /** Full commit id. */
    revision: z.string(),
    gitTag: z.string(),
    artifacts: z.record(z.string(), ArtifactRecord),
    /** Asset name → sha256. */
    assets: z.record(z.string(), Sha256),
    /** What the unit asks of its artifacts. */
    // Not strict, as the configuration is: a later version may say more of the identity.
    policy: z.object({ signing: z.union([z.literal("off"), z.object(SigningIdentity.shape)]) }),
  }),
});

/** What a Release is made of: the content of lockstep.release.json without its envelope. */
export type ReleaseRecord = z.output<typeof Statement>["predicate"];

/** What a record says of one artifact. */
export type ArtifactRecord = z.output<typeof ArtifactRecord>;

/**
 * The record as an in-toto statement, the same bytes for the same release: nothing in it is of the time or the machine, keys and subjects
 * are sorted.
 * Source: github.com/in-toto/attestation spec/v1/statement.md.
 */
export function recordText(record: ReleaseRecord): string {
  const named = [
    ...Object.values(record.artifacts).map(({ repository, digest }) => ({
      name: repository,
      digest: { sha256: digest.slice(7) },
    })),
    ...Object.entries(record.assets).map(([name, sha256]) => ({ name, digest: { sha256 } })),
  ];
  const subject = named.toSorted((a, b) => (`${a.name} ${a.digest.sha256}` < `${b.name} ${b.digest.sha256}` ? -1 : 1));
  return `${JSON.stringify({ _type: statementType, subject, predicateType, predicate: record }, sorted, 2)}\n`;
}

/**
 * Reads a record.
 * @returns undefined where the text is no record of this format
 */
export function readRecord(text: string): ReleaseRecord | undefined {
  try {
    return Statement.parse(JSON.parse(text)).predicate;
  } catch {
    return undefined;
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
