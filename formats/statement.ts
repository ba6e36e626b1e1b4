/** in-toto statement v1 about one digest. Source: github.com/in-toto/attestation spec/v1/statement.md. */
export interface Statement {
  _type: "https://in-toto.io/Statement/v1";
  subject: { name?: string; digest: { sha256: string }; annotations?: Record<string, string> }[];
  predicateType: string;
  predicate: unknown;
}

/** Predicate type of a signature as cosign 3 writes it. */
export const signaturePredicate = "https://sigstore.dev/cosign/sign/v1";

/** Predicate type of SLSA provenance, version 1. */
export const provenancePredicate = "https://slsa.dev/provenance/v1";

/** Predicate type of an SPDX document, cosign's `--type spdxjson`. Source: github.com/in-toto/attestation spec/predicates/spdx.md. */
export const spdxPredicate = "https://spdx.dev/Document";

/** Payload type of a statement in a DSSE envelope. */
export const statementPayloadType = "application/vnd.in-toto+json";

/** A signature as cosign 3 writes it: a statement that says nothing but the digest. */
export function signatureStatement(digest: string): Statement {
  return statement({ digest: { sha256: hex(digest) }, annotations: {} }, signaturePredicate, {});
}

/**
 * An attestation of an artifact.
 * @param name the artifact's repository, with its registry
 */
export function attestationStatement(
  name: string,
  digest: string,
  predicateType: string,
  predicate: unknown,
): Statement {
  return statement({ name, digest: { sha256: hex(digest) } }, predicateType, predicate);
}

/** What SLSA provenance says of a build here. */
export interface Provenance {
  /** Full commit id. */
  revision: string;
  /** sha256 of what the configuration says of the build. */
  buildInputs: string;
}

/**
 * SLSA provenance v1 of an artifact: from which commit, with which inputs, by which workflow. It says nothing of the time or the machine,
 * so that the same build attests the same.
 * Source: slsa.dev/spec/v1.0/provenance.
 * @param builder address of the workflow that is trusted to build
 * @param source address of the repository
 * @param parameters what the user's configuration says of the build
 */
export function provenance(
  { revision, buildInputs }: Provenance,
  builder: string,
  source: string,
  parameters: Readonly<Record<string, unknown>>,
): object {
  return {
    buildDefinition: {
      buildType: "https://lockstep.dev/build/v1",
      externalParameters: { ...parameters, buildInputs },
      internalParameters: {},
      resolvedDependencies: [{ uri: `git+${source}`, digest: { gitCommit: revision } }],
    },
    runDetails: { builder: { id: builder } },
  };
}

/**
 * Reads what provenance() wrote.
 * @returns undefined where the predicate is of another shape
 */
export function readProvenance(predicate: unknown): Provenance | undefined {
  const { buildDefinition } = (predicate ?? {}) as {
    buildDefinition?: {
      externalParameters?: { buildInputs?: unknown };
      resolvedDependencies?: { digest?: { gitCommit?: unknown } }[];
    };
  };
  const revision = buildDefinition?.resolvedDependencies?.[0]?.digest?.gitCommit;
  const buildInputs = buildDefinition?.externalParameters?.buildInputs;
  return typeof revision === "string" && typeof buildInputs === "string" ? { revision, buildInputs } : undefined;
}

function statement(subject: Statement["subject"][number], predicateType: string, predicate: unknown): Statement {
  return { _type: "https://in-toto.io/Statement/v1", subject: [subject], predicateType, predicate };
}

function hex(digest: string): string {
  return digest.slice("sha256:".length);
}
