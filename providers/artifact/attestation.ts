import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StepFailure } from "../../errors/step-failure.ts";
import { makeAttestationStatement } from "../../formats/signing/statement.ts";
import type { Provider } from "../host/provider.ts";
import { ensureAttached, isAttached, SignedInputs } from "./signed-statement.ts";
import type { WantedStatement } from "./signed-statement.ts";

const Inputs = SignedInputs.extend({
  /** `https://slsa.dev/provenance/v1`, … */
  predicateType: z.string(),
  /** The predicate, JSON: the attached statement must contain exactly this. */
  predicate: z.record(z.string(), z.unknown()).optional(),
  /**
   * Instead of `predicate`: its JSON file, whose content stays out of the state. Any statement of this type by the identity then
   * counts. `path` is relative to the folder of Pulumi.yaml, `sha256` in hex.
   */
  predicateFile: z.object({ path: z.string(), sha256: z.string() }).optional(),
}).refine(({ predicate, predicateFile }) => (predicate === undefined) !== (predicateFile === undefined), {
  error: "must have either `predicate` or `predicateFile`",
});

/** Inputs of an Attestation: those of a Signature, the predicate or its file, and its type. */
export type AttestationInputs = z.output<typeof Inputs>;

/**
 * A signed statement about one digest, attached as an OCI referrer. An existing one with the same predicate counts if it verifies; if the
 * predicate comes from a file, any one of the same type counts.
 */
export const attestationProvider: Provider<AttestationInputs, Record<string, never>> = {
  phrase: ({ repository, digest, predicateType }) => `attesting ${predicateType} of ${repository}@${digest}`,
  inputs: Inputs,
  identity: ["repository", "digest", "predicateType"],
  immaterial: ["predicateFile"],
  id: ({ repository, digest, predicateType }) => `${repository}@${digest} ${predicateType}`,

  async read(inputs) {
    return (await isAttached(inputs, makeWantedStatement(inputs))) ? { inputs, outputs: {} } : undefined;
  },

  async reconcile(inputs, progress) {
    const { repository, digest, predicateType } = inputs;
    const makeStatement = async () =>
      makeAttestationStatement(repository, digest, predicateType, inputs.predicate ?? (await readPredicate(inputs)));
    await ensureAttached(inputs, makeWantedStatement(inputs), makeStatement, progress);
    return {};
  },
};

function makeWantedStatement({ predicateType, predicate }: AttestationInputs): WantedStatement {
  return predicate === undefined ? { predicateType } : { predicateType, predicate };
}

async function readPredicate({ predicateFile }: AttestationInputs): Promise<unknown> {
  const { path, sha256 } = predicateFile ?? { path: "", sha256: "" };
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw makeChangedFileError(
      `${path} cannot be read (${error.code}); it had sha256 ${sha256} when the release began`,
    );
  });
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== sha256) {
    throw makeChangedFileError(`${path} had sha256 ${sha256} when the release began; it has ${found} now`);
  }
  return JSON.parse(bytes.toString("utf8"));
}

function makeChangedFileError(reason: string): StepFailure {
  return new StepFailure({
    code: "ASSET_CONFLICT",
    reason,
    meaning: "The file changed after it was checked, while the release ran. Nothing was attached.",
    fix: "Make sure that nothing writes the file, then run it again.",
  });
}
