import { releasedTool } from "../sources/released-tool.mjs";

/** Sigstore's certificate authority, as it runs in public: it gives a certificate for an identity token. */
export const fulcio = releasedTool("fulcio", "fulcio");

/** Sigstore's transparency log, version 2, in the variant with its tiles in a folder. */
export const rekor = releasedTool("rekor", "rekor-server");

/** Sigstore's timestamp authority (RFC 3161). */
export const timestampAuthority = releasedTool("timestampAuthority", "timestamp-server");
