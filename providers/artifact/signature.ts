import { makeSignatureStatement } from "../../formats/signing/statement.ts";
import type { Provider } from "../host/provider.ts";
import { ensureAttached, isAttached, SignedInputs } from "./signed-statement.ts";

/** A signature by the expected identity on one digest, in cosign's own format, attached as an OCI referrer. */
export const signatureProvider: Provider<SignedInputs, Record<string, never>> = {
  phrase: ({ repository, digest }) => `signing ${repository}@${digest}`,
  inputs: SignedInputs,
  identity: ["repository", "digest"],
  id: ({ repository, digest }) => `${repository}@${digest}`,

  async read(inputs) {
    return (await isAttached(inputs, makeSignatureStatement(inputs.digest))) ? { inputs, outputs: {} } : undefined;
  },

  async reconcile(inputs, progress) {
    const statement = makeSignatureStatement(inputs.digest);
    await ensureAttached(inputs, statement, async () => statement, progress);
    return {};
  },
};
