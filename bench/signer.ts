import { signatureProvider } from "../providers/artifact/signature.ts";
import type { SignedInputs } from "../providers/artifact/signed-statement.ts";

// A process of its own, as Pulumi's provider host is: the sandbox's services must not take turns with what is measured.
const quiet = { at() {}, done() {}, warn() {} };
process.on("message", (inputs: SignedInputs) => {
  void signatureProvider.reconcile(inputs, quiet).then(
    () => process.send?.({ digest: inputs.digest }),
    (error: unknown) => process.send?.({ digest: inputs.digest, error: String(error) }),
  );
});
