import { signatureProvider } from "../providers/artifact/signature.ts";
import type { SignedInputs } from "../providers/artifact/signed-statement.ts";

// A separate process, like Pulumi's provider host: the sandbox's services must not share a thread with the measured code.
const quiet = { at() {}, done() {}, warn() {} };
process.on("message", (inputs: SignedInputs) => {
  void signatureProvider.reconcile(inputs, quiet).then(
    () => process.send?.({ digest: inputs.digest }),
    (error: unknown) => process.send?.({ digest: inputs.digest, error: String(error) }),
  );
});
