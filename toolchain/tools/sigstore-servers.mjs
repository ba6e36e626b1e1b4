import { goTool } from "../sources/go-tool.mjs";

/** Sigstore's certificate authority, as it runs in public: gives a certificate to who shows an identity token. */
export const fulcio = goTool("fulcio", "fulcio");

/** Sigstore's transparency log, version 2, in the variant that keeps its tiles in a folder. */
export const rekor = goTool("rekor", "rekor-server");

/** Sigstore's timestamp authority (RFC 3161). */
export const timestampAuthority = goTool("timestampAuthority", "timestamp-server");
