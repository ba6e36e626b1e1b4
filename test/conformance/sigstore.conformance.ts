import { join } from "node:path";
import { signingSandbox } from "../clients/sigstore/signing-sandbox.ts";
import { attestationFacts } from "./attestation-facts.ts";
import { bundleFacts } from "./bundle-facts.ts";
import { distrustFacts } from "./distrust-facts.ts";
import { startRealSigstore } from "./real-sigstore.ts";
import { signatureFacts } from "./signature-facts.ts";

// Rekor 1 needs a database, a queue and a cache; the public instance is on its way to Rekor 2.
const signing = signingSandbox({}, ({ folder, sigstore }) => startRealSigstore(join(folder, "real"), sigstore.issuer));
signatureFacts(signing, [2]);
distrustFacts(signing, [2]);
attestationFacts(signing);
bundleFacts(signing);
