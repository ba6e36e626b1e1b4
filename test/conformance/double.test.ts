import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { attestationFacts } from "./attestation-facts.ts";
import { bundleFacts } from "./bundle-facts.ts";
import { distrustFacts } from "./distrust-facts.ts";
import { signatureFacts } from "./signature-facts.ts";

// The same facts hold of the real servers: sigstore.conformance.ts.
const signing = signingSandbox();
signatureFacts(signing, [1, 2]);
distrustFacts(signing, [1, 2]);
attestationFacts(signing);
bundleFacts(signing);
