import { ASN1Obj } from "@sigstore/core";
import type { X509Certificate } from "@sigstore/core";
import type { Signer } from "../../formats/signing/signer.ts";

const fulcio = "1.3.6.1.4.1.57264.1";
const gitHub = "https://github.com/";
/** Tag of a UTF8String. Source: ITU-T X.680, 8.4. */
const utf8String = 12;

/**
 * Reads whom Fulcio issued a certificate to. Only the certificate of a bundle that verifies proves anything.
 * Source: github.com/sigstore/fulcio `docs/oid-info.md`; RFC 5280, 4.2: each extension appears once.
 * @throws Error for a certificate that has an extension twice, or in another form
 */
export function readSigner(certificate: X509Certificate): Signer {
  const extensions = readExtensions(certificate);
  const said = (number: number): string => readText(extensions.get(`${fulcio}.${number}`));
  const below = (address: string): string => (address.startsWith(gitHub) ? address.slice(gitHub.length) : address);
  return {
    issuer: said(8),
    workflow: below(certificate.subjectAltName ?? ""),
    repository: below(said(12)),
    commit: said(13),
    trigger: said(20),
    repositoryId: said(15),
    ownerId: said(17),
  };
}

function readExtensions(certificate: X509Certificate): Map<string, Buffer<ArrayBuffer>> {
  const values = new Map<string, Buffer<ArrayBuffer>>();
  for (const { subs } of certificate.extensions) {
    const id = subs[0]?.toOID() ?? "";
    if (values.has(id)) {
      throw new Error(`the certificate has the extension ${id} twice`);
    }
    values.set(id, Buffer.from(subs.at(-1)?.value ?? ""));
  }
  return values;
}

/** Empty if there is no such extension. */
function readText(value: Buffer<ArrayBuffer> | undefined): string {
  if (value === undefined) {
    return "";
  }
  const { tag, value: text } = ASN1Obj.parseBuffer(value);
  if (!tag.isUniversal() || tag.number !== utf8String) {
    throw new Error("the certificate has an extension that is not text");
  }
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
}
