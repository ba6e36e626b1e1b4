import { doubledSigstore } from "../clients/sigstore/signing-sandbox.ts";
import { releaseFacts } from "../conformance/release-facts.ts";

// The same facts hold of the real servers: ../conformance/release.conformance.ts.
releaseFacts(doubledSigstore);
