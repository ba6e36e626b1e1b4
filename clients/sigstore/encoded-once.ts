import type { X509Certificate } from "@sigstore/core";
import type { TrustMaterial } from "@sigstore/verify";

/**
 * Makes a certificate encode itself once. The verifier compares every certificate of a chain with every other by their encodings, and the library
 * makes each of them anew for each comparison: half of the time that a verification takes. Nothing changes a certificate after it was parsed.
 */
export function encodeOnce(certificate: X509Certificate): void {
  for (const part of [certificate.root, certificate.tbsCertificate]) {
    const encoded = part.toDER();
    part.toDER = () => encoded;
  }
}

/** Does the same for all authorities of a trusted root. */
export function encodeAuthoritiesOnce({ certificateAuthorities, timestampAuthorities }: TrustMaterial): void {
  for (const { certChain } of [...certificateAuthorities, ...timestampAuthorities]) {
    for (const certificate of certChain) {
      encodeOnce(certificate);
    }
  }
}
