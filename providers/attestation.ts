import { z } from "zod";
import { attestationStatement } from "../formats/statement.ts";
import type { Statement } from "../formats/statement.ts";
import type { Provider } from "./provider.ts";
import { ensureAttached, isAttached, SignedInputs } from "./signed-statement.ts";

const Inputs = SignedInputs.extend({
  /** `https://slsa.dev/provenance/v1`, … */
  predicateType: z.string(),
  /** The predicate, JSON. */
  predicate: z.record(z.string(), z.unknown()),
});

/** Inputs of an Attestation: those of a Signature, the predicate and its type. */
export type AttestationInputs = z.output<typeof Inputs>;

/** A signed statement about one digest, attached as an OCI referrer. One with the same predicate that verifies is taken as it is. */
export const attestationProvider: Provider<AttestationInputs, Record<string, never>> = {
  phrase: ({ repository, digest, predicateType }) => `attesting ${predicateType} of ${repository}@${digest}`,
  inputs: Inputs,
  identity: ["repository", "digest", "predicateType"],
  id: ({ repository, digest, predicateType }) => `${repository}@${digest} ${predicateType}`,

  async read(inputs) {
    return (await isAttached(inputs, statementOf(inputs))) ? { inputs, outputs: {} } : undefined;
  },

  async reconcile(inputs, progress) {
    await ensureAttached(inputs, statementOf(inputs), progress);
    return {};
  },
};

function statementOf({ repository, digest, predicateType, predicate }: AttestationInputs): Statement {
  return attestationStatement(repository, digest, predicateType, predicate);
}
