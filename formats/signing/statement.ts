import { z } from "zod";
import { parseBoundedJson } from "../bounded-json.ts";
import type { Signer } from "./signer.ts";
import { sameRepository } from "./signing-policy.ts";

/** Type of every statement. Source: github.com/in-toto/attestation spec/v1/statement.md. */
export const statementType = "https://in-toto.io/Statement/v1";

const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(
    z.object({
      name: z.string().optional(),
      digest: z.object({ sha256: z.string() }),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  ),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/** in-toto statement v1 about one digest. Source: github.com/in-toto/attestation spec/v1/statement.md. */
export interface Statement {
  _type: typeof statementType;
  subject: {
    name?: string | undefined;
    digest: { sha256: string };
    annotations?: Record<string, string> | undefined;
  }[];
  predicateType: string;
  predicate: unknown;
}

/**
 * Reads a statement.
 * @throws Error if the bytes are not a statement of version 1 about sha256 digests
 */
export function readStatement(bytes: Uint8Array): Statement {
  const { data, error } = Statement.safeParse(parseBoundedJson(bytes));
  if (data === undefined) {
    throw new Error(`contains no in-toto statement: ${error.issues[0]?.message}`);
  }
  return { ...data, predicate: data.predicate };
}

/** Predicate type of a signature as cosign 3 writes it. */
export const signaturePredicate = "https://sigstore.dev/cosign/sign/v1";

/** Predicate type of SLSA provenance, version 1. */
export const provenancePredicate = "https://slsa.dev/provenance/v1";

/** Predicate type of an SPDX document, cosign's `--type spdxjson`. Source: github.com/in-toto/attestation spec/predicates/spdx.md. */
export const spdxPredicate = "https://spdx.dev/Document";

/** Payload type of a statement in a DSSE envelope. */
export const statementPayloadType = "application/vnd.in-toto+json";

/** Makes a signature as cosign 3 writes it: a statement that contains only the digest. */
export function makeSignatureStatement(digest: string): Statement {
  return makeStatement({ digest: { sha256: removeAlgorithm(digest) }, annotations: {} }, signaturePredicate, {});
}

/**
 * Makes an attestation of an artifact.
 * @param name the artifact's repository, with its registry
 */
export function makeAttestationStatement(
  name: string,
  digest: string,
  predicateType: string,
  predicate: unknown,
): Statement {
  return makeStatement({ name, digest: { sha256: removeAlgorithm(digest) } }, predicateType, predicate);
}

/** What SLSA provenance by Lockstep says about a build. */
export interface Provenance {
  /** Full commit id. */
  revision: string;
  /** sha256 of the build's configuration. */
  buildInputs: string;
  /** Address of the repository that it was built from. */
  source: string;
  /** The build's configuration, in its own words. */
  parameters: Readonly<Record<string, unknown>>;
}

/**
 * Makes SLSA provenance v1 of an artifact: from which commit, with which inputs, by which workflow. It contains nothing about the time or
 * the machine, so that the same build gives the same statement.
 * Source: slsa.dev/spec/v1.0/provenance.
 * @param said the commit, and the build inputs: text, or what becomes text before the statement is made
 * @param builder address of the workflow that is trusted to build
 * @param source address of the repository
 * @param parameters the build's configuration
 */
export function provenance<BuildInputs = string>(
  { revision, buildInputs }: { revision: string; buildInputs: BuildInputs },
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
 * Reads a predicate that provenance() wrote.
 * @returns undefined if the predicate has another shape
 */
export function readProvenance(predicate: unknown): Provenance | undefined {
  const { data } = Predicate.safeParse(predicate);
  if (data === undefined) {
    return undefined;
  }
  const { externalParameters, resolvedDependencies } = data.buildDefinition;
  const [{ uri, digest }] = resolvedDependencies;
  const { buildInputs, ...parameters } = externalParameters;
  return {
    revision: digest.gitCommit,
    buildInputs,
    parameters,
    source: uri.replace(/^git\+/, ""),
  };
}

const Predicate = z.object({
  buildDefinition: z.object({
    externalParameters: z.looseObject({ buildInputs: z.string() }),
    resolvedDependencies: z.tuple(
      [z.object({ uri: z.string(), digest: z.object({ gitCommit: z.string() }) })],
      z.unknown(),
    ),
  }),
});

/** Whether provenance is about a build from a repository, `owner/name`, on any server. */
export function isBuiltFrom({ source }: Pick<Provenance, "source">, repository: string): boolean {
  return sameRepository(source.split("/").slice(-2).join("/"), repository);
}

/**
 * Explains why a statement cannot be trusted although its signer can. If the repository whose run signed is the one that was built,
 * provenance must name the commit of the run. If another repository signs, there is nothing to compare.
 * @returns undefined if it can be trusted, and for statements that are not provenance by Lockstep
 */
export function explainCommitMistake({ predicateType, predicate }: Statement, signer: Signer): string | undefined {
  if (predicateType !== provenancePredicate) {
    return undefined;
  }
  const said = readProvenance(predicate);
  if (said === undefined || !isBuiltFrom(said, signer.repository) || said.revision === signer.commit) {
    return undefined;
  }
  return `its provenance names the commit ${said.revision}, but the run that signed was at ${signer.commit || "none"}`;
}

function makeStatement(subject: Statement["subject"][number], predicateType: string, predicate: unknown): Statement {
  return { _type: statementType, subject: [subject], predicateType, predicate };
}

function removeAlgorithm(digest: string): string {
  return digest.slice("sha256:".length);
}
