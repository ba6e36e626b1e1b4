import { makeSignatureStatement } from "../../formats/signing/statement.ts";
import type { Provider } from "../host/provider.ts";
import { ensureAttached, readAttached, SignedInputs } from "./signed-statement.ts";
import type { SignedOutputs } from "./signed-statement.ts";

/** A signature by the expected identity on one digest, in cosign's own format, attached as an OCI referrer. */
export const signatureProvider: Provider<SignedInputs, SignedOutputs> = {
  phrase: ({ repository, digest }) => `signing ${repository}@${digest}`,
  inputs: SignedInputs,
  identity: ["repository", "digest"],
  id: ({ repository, digest }) => `${repository}@${digest}`,

  read: (inputs, before) => readAttached(inputs, makeSignatureStatement(inputs.digest), before),

  async reconcile(inputs, progress) {
    const statement = makeSignatureStatement(inputs.digest);
    return ensureAttached(inputs, statement, async () => statement, progress);
  },
};
